defmodule Turnstile.Clearing do
  @moduledoc """
  A server registered as `clearing`. State: `(health, good, latency)`; `good` lists the tickets that it knows.

  A draft, ported from clearing.py.
  """
  use GenServer

  @latency 20

  @type health :: :up | :down | :broken

  @spec start_link(list()) :: term()
  def start_link(good) do
    GenServer.start_link(__MODULE__, good, name: :clearing)
  end

  @doc """
  `"good"` or `"bad"`; exits with a timeout while the house is out of order.
  """
  @spec check(term(), integer()) :: term()
  def check(ticket, timeout) do
    GenServer.call(:clearing, {:check, ticket}, timeout)
  end

  @doc """
  `"up"`; `"down"` (it never answers); `"broken"` (it crashes whoever asks).
  """
  @spec set_health(health()) :: term()
  def set_health(health) do
    GenServer.call(:clearing, {:set_health, health})
  end

  @impl true
  def init(good) do
    {:ok, {:up, good, @latency}}
  end

  @impl true
  def handle_call({:check, ticket}, from, {:up, good, latency} = state) do
    spawn_link(__MODULE__, :answer, [latency, from, judge(ticket, good)])
    {:noreply, state}
  end

  def handle_call({:check, _}, _from, {:down, _good, _latency} = state) do
    {:noreply, state}
  end

  def handle_call({:check, _}, _from, state) do
    {:reply, :garbage, state}
  end

  def handle_call({:set_health, new}, _from, {_health, good, latency}) do
    {:reply, :ok, {new, good, latency}}
  end

  @spec judge(term(), list()) :: term()
  defp judge(ticket, good) do
    if for(each <- good, each === ticket, do: each) != [] do
      :good
    else
      :bad
    end
  end

  @spec answer(integer(), {pid(), term()}, term()) :: term()
  def answer(latency, from, verdict) do
    Process.sleep(latency)
    GenServer.reply(from, verdict)
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
