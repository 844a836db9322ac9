defmodule Pictures.Shop do
  @moduledoc """
  A draft, ported from pictures.py.
  """
  use Supervisor

  @impl true
  def init(_arg) do
    stock = %{id: :stock, start: {Pictures.Server, :start_link, [:stock]}}

    tills = %{
      id: :tills,
      start: {:director, :start_link, [{:local, :tills}, Pictures.Tills, []]},
      type: :supervisor
    }

    {:ok, {%{strategy: :rest_for_one, intensity: 3, period: 5}, [stock, tills]}}
  end
end
