defmodule Turnstile.MixProject do
  use Mix.Project

  def project do
    [
      app: :turnstile,
      version: "0.1.0",
      description: "A ticket gate.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      xref: [exclude: [:director, :gen_tracker]],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Turnstile.Application, []}]
  end

  defp deps do
    # This port needs director and gen_tracker: say here where they come from.
    []
  end
end
