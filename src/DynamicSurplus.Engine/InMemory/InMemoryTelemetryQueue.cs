using System.Globalization;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.InMemory;

/// <param name="time">Wall time: a receiver is no faster where the engine's clock is.</param>
public sealed class InMemoryTelemetryQueue(TimeProvider time) : ITelemetryQueue
{
    private const int MostAtOnce = 32;
    private static readonly TimeSpan LongestVisibility = TimeSpan.FromDays(7);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Message> _messages = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset VisibleAt, long Number)> _order = [];
    private readonly List<PoisonMessage> _poison = [];
    private long _sent;

    public Task SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > QueueLimits.MaxBodyBytes)
        {
            throw new ArgumentException(
                $"A message of {body.Length} bytes is above {QueueLimits.MaxBodyBytes}: split it.",
                nameof(body)
            );
        }
        var copy = body.ToArray();
        lock (_gate)
        {
            _sent++;
            var message = new Message(_sent, copy) { VisibleAt = time.GetUtcNow() };
            _messages.Add(message.Id, message);
            _order.Add(message.Place);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(
        int most,
        TimeSpan visibility,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostAtOnce);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(visibility, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(visibility, LongestVisibility);
        var hidden = TimeSpan.FromSeconds(Math.Ceiling(visibility.TotalSeconds));
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var received = new List<QueuedMessage>(most);
            while (received.Count < most && _order.Count > 0 && _order.Min is var place && place.VisibleAt <= now)
            {
                _order.Remove(place);
                var message = _messages[Name(place.Number)];
                message.VisibleAt = now + hidden;
                message.Deliveries++;
                _order.Add(message.Place);
                received.Add(new(message.Id, message.Receipt, message.Deliveries, message.Body.ToArray()));
            }
            return Task.FromResult<IReadOnlyList<QueuedMessage>>(received);
        }
    }

    public Task<bool> CompleteAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(TryRemove(message));
        }
    }

    public Task PoisonAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken)
    {
        var poison = PoisonMessage.Fit(reason, body);
        lock (_gate)
        {
            _poison.Add(poison with { Body = poison.Body.ToArray() });
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<PoisonMessage>> PeekPoisonAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<PoisonMessage>>([
                .. _poison.Take(MostAtOnce).Select(static poison => poison with { Body = poison.Body.ToArray() }),
            ]);
        }
    }

    private static string Name(long number) => number.ToString(CultureInfo.InvariantCulture);

    private bool TryRemove(QueuedMessage message) =>
        _messages.TryGetValue(message.Id, out var stored)
        && string.Equals(stored.Receipt, message.Receipt, StringComparison.Ordinal)
        && _messages.Remove(message.Id)
        && _order.Remove(stored.Place);

    private sealed class Message(long number, byte[] body)
    {
        public string Id { get; } = Name(number);
        public byte[] Body => body;
        public DateTimeOffset VisibleAt { get; set; }
        public int Deliveries { get; set; }

        /// <summary>Another one with every delivery, so that an earlier holder's is stale.</summary>
        public string Receipt => $"{number}-{Deliveries}";

        public (DateTimeOffset VisibleAt, long Number) Place => (VisibleAt, number);
    }
}
