defmodule FiveMinutes.MixProject do
  use Mix.Project

  def project do
    [
      app: :five_minutes,
      version: "0.1.0",
      description:
        "The program of erlsim in five minutes; erl/five_minutes.erl is the same in Erlang, and prints the same.",
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
