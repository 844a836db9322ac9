defmodule Pool.MixProject do
  use Mix.Project

  def project do
    [
      app: :pool,
      version: "0.1.0",
      description:
        "A pool of workers: a supervisor starts as many as it is told, and a keeper lends them.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Pool.Application, []}]
  end

  defp deps do
    []
  end
end
