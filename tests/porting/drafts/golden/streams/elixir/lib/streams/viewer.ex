defmodule Streams.Viewer do
  @moduledoc """
  Those who watch.

  A draft, ported from streams.py.
  """

  @spec crowd(integer(), term()) :: term()
  def crowd(size, name) do
    Enum.each(0..(size - 1)//1, fn _ -> spawn(fn -> Streams.Stream.watch(name) end) end)
    size
  end
end
