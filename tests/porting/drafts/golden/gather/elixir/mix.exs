defmodule Gather.MixProject do
  use Mix.Project

  def project do
    [
      app: :gather,
      version: "0.1.0",
      description:
        "Plain processes: a ring that passes a token, a counter in a loop, and one who gathers answers.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger]]
  end

  defp deps do
    []
  end
end
