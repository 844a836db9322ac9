defmodule Pictures.MixProject do
  use Mix.Project

  def project do
    [
      app: :pictures,
      version: "0.1.0",
      description:
        "A shop: a supervisor with a stock and a director whose tills have plans. One till breaks twice, one is unplugged.",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],
      xref: [exclude: [:director]],
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger]]
  end

  defp deps do
    # This port needs director: say here where they come from.
    []
  end
end
