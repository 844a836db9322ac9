%% What a sensor measured, and when (milliseconds of monotonic time).
-record(reading, {sensor :: atom(), value :: float(), at :: integer()}).
