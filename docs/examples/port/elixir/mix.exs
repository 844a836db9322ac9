defmodule Pool.MixProject do
  use Mix.Project

  def project do
    [app: :pool, version: "0.1.0", elixir: "~> 1.14"]
  end

  def application, do: []
end
