namespace DynamicSurplus.Local.Benchmarking;

/// <param name="LeasesPerSecond">Customers that ask for a quote and accept it: two HTTP requests each.</param>
/// <param name="WritesPerSecond">Single writes between them.</param>
/// <param name="Length">Timed, after a warm-up.</param>
internal sealed record LeaseLoadOptions(double LeasesPerSecond, double WritesPerSecond, TimeSpan Length);
