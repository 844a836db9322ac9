defmodule Restarts.MixProject do
  use Mix.Project

  def project do
    [
      app: :restarts,
      version: "0.1.0",
      description:
        "The tree of lesson 4: three workers under each strategy, and one who takes his time to clear up.",
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
