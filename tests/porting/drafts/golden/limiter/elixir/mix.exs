defmodule Limiter.MixProject do
  use Mix.Project

  def project do
    [
      app: :limiter,
      version: "0.1.0",
      description: "A rate limiter: token buckets, one for each client, refilled as time passes.",
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
