defmodule Parking.Garage do
  @moduledoc """
  Knows who is parked. State: `(places, cars)`, a car is `(pid, ref)`.

  A draft, ported from parking.py.
  """
  use GenServer

  @spec start_link(integer()) :: term()
  def start_link(places) do
    GenServer.start_link(__MODULE__, places, name: :garage)
  end

  @doc """
  `"welcome"`, or `"full"`.
  """
  @spec enter() :: term()
  def enter do
    GenServer.call(:garage, {:enter, self()})
  end

  @spec leave() :: term()
  def leave do
    GenServer.cast(:garage, {:leave, self()})
  end

  @doc "How many places are free."
  @spec free() :: term()
  def free do
    GenServer.call(:garage, :free)
  end

  @impl true
  def init(places) do
    {:ok, {places, []}}
  end

  @impl true
  def handle_call({:enter, _}, _from, {places, cars} = state) when length(cars) == places do
    {:reply, :full, state}
  end

  def handle_call({:enter, car}, _from, {places, cars}) do
    {:reply, :welcome, {places, [{car, Process.monitor(car)} | cars]}}
  end

  def handle_call(:free, _from, {places, cars} = state) do
    {:reply, places - length(cars), state}
  end

  @impl true
  def handle_cast({:leave, car}, {places, cars}) do
    {:noreply, {places, without(car, cars)}}
  end

  @impl true
  def handle_info({:DOWN, _, :process, car, _}, {places, cars}) do
    # A car that has vanished: its place is free again.
    {:noreply, {places, without(car, cars)}}
  end

  @spec without(pid(), [{pid(), reference()}]) :: [{pid(), reference()}]
  defp without(car, cars) do
    Enum.each(
      for({each, ref} <- cars, each == car, do: ref),
      fn ref -> Process.demonitor(ref, [:flush]) end
    )

    for {each, ref} <- cars, each != car, do: {each, ref}
  end
end
