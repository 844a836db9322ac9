defmodule Turnstile.Application do
  @moduledoc "Starts the supervisor Turnstile.Tree."
  use Application

  @impl true
  def start(_type, _args) do
    Turnstile.Tree.start_link()
  end
end
