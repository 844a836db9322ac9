defmodule FeedsPlain.MixProject do
  use Mix.Project

  def project do
    [
      app: :feeds_plain,
      version: "0.1.0",
      description: "A port of feeds_plain",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {FeedsPlain.Application, []}]
  end

  defp deps do
    []
  end
end
