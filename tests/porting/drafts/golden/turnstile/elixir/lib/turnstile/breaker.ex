defmodule Turnstile.Breaker do
  @moduledoc """
  A machine registered as `breaker`.

  A draft, ported from breaker.py.
  """
  @behaviour :gen_statem

  @limit 3
  @pause 1000

  @spec start_link() :: term()
  def start_link do
    :gen_statem.start_link({:local, :breaker}, __MODULE__, [], [])
  end

  @doc """
  The value of `what()`, a failure if it is `("error", _)`; `("error", "out_of_order")` if it is not tried.
  """
  @spec guard((() -> term())) :: term()
  def guard(what) do
    case :gen_statem.call(:breaker, :enter) do
      :yes ->
        result = what.()
        :gen_statem.cast(:breaker, judged(result))
        result

      :no ->
        {:error, :out_of_order}
    end
  end

  @spec judged(term()) :: term()
  defp judged({:error, _}) do
    :failed
  end

  defp judged(_result) do
    :worked
  end

  @doc """
  `"closed"`, `"open"` or `"half_open"`.
  """
  @spec state() :: term()
  def state do
    :gen_statem.call(:breaker, :state)
  end

  @impl true
  def callback_mode do
    :state_functions
  end

  @impl true
  def init(_args) do
    {:ok, :closed, 0}
  end

  def closed({:call, from}, :enter, _failures) do
    {:keep_state_and_data, [{:reply, from, :yes}]}
  end

  def closed({:call, from}, :state, _failures) do
    {:keep_state_and_data, [{:reply, from, :closed}]}
  end

  def closed(:cast, :worked, _failures) do
    {:keep_state, 0}
  end

  def closed(:cast, :failed, failures) when failures + 1 < @limit do
    {:keep_state, failures + 1}
  end

  def closed(:cast, :failed, _failures) do
    opened()
  end

  def closed(:info, _event, _failures) do
    :keep_state_and_data
  end

  def open({:call, from}, :enter, _data) do
    {:keep_state_and_data, [{:reply, from, :no}]}
  end

  def open({:call, from}, :state, _data) do
    {:keep_state_and_data, [{:reply, from, :open}]}
  end

  def open(:state_timeout, :try_again, _data) do
    {:next_state, :half_open, :nobody}
  end

  def open(_kind, _event, _data) do
    # Those who were let through before it opened have nothing new to say.
    :keep_state_and_data
  end

  def half_open({:call, from}, :state, _probe) do
    {:keep_state_and_data, [{:reply, from, :half_open}]}
  end

  def half_open({:call, from}, :enter, :nobody) do
    {client, _} = from
    {:keep_state, Process.monitor(client), [{:reply, from, :yes}]}
  end

  def half_open({:call, from}, :enter, _probe) do
    {:keep_state_and_data, [{:reply, from, :no}]}
  end

  def half_open(:cast, :worked, probe) do
    release(probe)
    {:next_state, :closed, 0}
  end

  def half_open(:cast, :failed, probe) do
    release(probe)
    opened()
  end

  def half_open(:info, {:DOWN, ref, :process, _, _}, probe) when ref == probe do
    opened()
  end

  def half_open(:info, _event, _probe) do
    :keep_state_and_data
  end

  @spec opened() :: term()
  defp opened do
    {:next_state, :open, :nobody, [{:state_timeout, @pause, :try_again}]}
  end

  @spec release(term()) :: term()
  defp release(:nobody) do
    true
  end

  defp release(probe) do
    Process.demonitor(probe, [:flush])
  end
end
