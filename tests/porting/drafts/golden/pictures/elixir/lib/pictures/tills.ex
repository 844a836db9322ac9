defmodule Pictures.Tills do
  @moduledoc """
  A draft, ported from pictures.py.
  """
  @behaviour :director

  @impl true
  def init(_arg) do
    plan = [{:restart, 300}, :wait]

    {
      :ok,
      for(
        n <- [1, 2],
        do: %{id: {:till, n}, start: {Pictures.Server, :start_link, [:"till_#{n}"]}, plan: plan}
      )
    }
  end
end
