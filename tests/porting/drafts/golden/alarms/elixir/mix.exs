defmodule Alarms.MixProject do
  use Mix.Project

  def project do
    [
      app: :alarms,
      version: "0.1.0",
      description:
        "Alarms: an event manager with two handlers, one that counts and one that leaves when it has heard enough.",
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
