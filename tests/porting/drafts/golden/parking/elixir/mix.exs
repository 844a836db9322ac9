defmodule Parking.MixProject do
  use Mix.Project

  def project do
    [
      app: :parking,
      version: "0.1.0",
      description:
        "A garage with few places: cars come, wait, leave, and sometimes vanish. Written to be ported.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Parking.Application, []}]
  end

  defp deps do
    []
  end
end
