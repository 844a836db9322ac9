defmodule Streams.MixProject do
  use Mix.Project

  def project do
    [
      app: :streams,
      version: "0.1.0",
      description:
        "The tree of lesson 6: streams under a tracker, with viewers counted in its table.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      xref: [exclude: [:gen_tracker]],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Streams.Application, []}]
  end

  defp deps do
    # This port needs gen_tracker: say here where they come from.
    []
  end
end
