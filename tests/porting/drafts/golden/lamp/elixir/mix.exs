defmodule Lamp.MixProject do
  use Mix.Project

  def project do
    [
      app: :lamp,
      version: "0.1.0",
      description:
        "A lamp on a timer: a machine with one function for all states, whose state is a term.",
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
