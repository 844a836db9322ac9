defmodule Door.MixProject do
  use Mix.Project

  def project do
    [
      app: :door,
      version: "0.1.0",
      description:
        "A door with a code: a machine whose states are functions. It locks itself again after a while.",
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
