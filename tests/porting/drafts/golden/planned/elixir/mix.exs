defmodule Planned.MixProject do
  use Mix.Project

  def project do
    [
      app: :planned,
      version: "0.1.0",
      description: "Workers under a director, with a plan for a database that is away.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      xref: [exclude: [:director]],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger]]
  end

  defp deps do
    # This port needs director: say here where they come from.
    []
  end
end
