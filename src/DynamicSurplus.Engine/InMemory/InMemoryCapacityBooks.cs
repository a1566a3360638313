using System.Collections.Concurrent;
using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryCapacityBooks : ICapacityBooks
{
    private readonly ConcurrentDictionary<FleetId, Entry> _fleets = new();

    public Task<(CapacityBook Book, string? Version)> ReadAsync(FleetId fleet, CancellationToken cancellationToken)
    {
        var entry = At(fleet);
        lock (entry.Gate)
        {
            return Task.FromResult((entry.Book, entry.Version));
        }
    }

    public Task<Reservation?> FindAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken)
    {
        var entry = At(fleet);
        lock (entry.Gate)
        {
            return Task.FromResult(entry.Reservations.GetValueOrDefault(lease));
        }
    }

    public Task<IReadOnlyList<Reservation>> ListAsync(FleetId fleet, CancellationToken cancellationToken)
    {
        var entry = At(fleet);
        lock (entry.Gate)
        {
            return Task.FromResult<IReadOnlyList<Reservation>>([.. entry.Reservations.Values]);
        }
    }

    public Task<bool> TryCommitAsync(
        CapacityBook book,
        Reservation reservation,
        string? version,
        CancellationToken cancellationToken
    )
    {
        if (reservation.Fleet != book.Fleet)
        {
            throw new ArgumentException(
                $"The reservation is of fleet '{reservation.Fleet}', the book of '{book.Fleet}'.",
                nameof(reservation)
            );
        }
        var entry = At(book.Fleet);
        lock (entry.Gate)
        {
            if (!string.Equals(entry.Version, version, StringComparison.Ordinal))
            {
                return Task.FromResult(false);
            }
            entry.Commits++;
            entry.Book = book;
            entry.Reservations[reservation.Lease] = reservation;
            return Task.FromResult(true);
        }
    }

    public Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken)
    {
        var entry = At(book.Fleet);
        lock (entry.Gate)
        {
            if (!string.Equals(entry.Version, version, StringComparison.Ordinal))
            {
                return Task.FromResult(false);
            }
            entry.Commits++;
            entry.Book = book;
            return Task.FromResult(true);
        }
    }

    public Task ForgetAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken)
    {
        var entry = At(fleet);
        lock (entry.Gate)
        {
            if (entry.Reservations.TryGetValue(lease, out var reservation))
            {
                if (reservation.State != ReservationState.Released)
                {
                    throw new InvalidOperationException(
                        $"Lease '{lease}' still holds GPUs of '{fleet}' ({reservation.State}): release it first."
                    );
                }
                entry.Reservations.Remove(lease);
            }
        }
        return Task.CompletedTask;
    }

    private Entry At(FleetId fleet) => _fleets.GetOrAdd(fleet, static id => new(id));

    private sealed class Entry(FleetId fleet)
    {
        public Lock Gate { get; } = new();
        public CapacityBook Book { get; set; } = new(fleet);
        public SortedDictionary<LeaseId, Reservation> Reservations { get; } = [];
        public long Commits { get; set; }
        public string? Version => Commits == 0 ? null : Commits.ToString(CultureInfo.InvariantCulture);
    }
}
