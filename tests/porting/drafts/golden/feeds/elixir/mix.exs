defmodule Feeds.MixProject do
  use Mix.Project

  def project do
    [
      app: :feeds,
      version: "0.1.0",
      description:
        "Feeds under a director: who crashes is started again at once, then after a pause, then all of them anew.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      xref: [exclude: [:director]],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Feeds.Application, []}]
  end

  defp deps do
    # This port needs director: say here where they come from.
    []
  end
end
