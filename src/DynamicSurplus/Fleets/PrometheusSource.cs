using DynamicSurplus.Measures;

namespace DynamicSurplus.Fleets;

/// <summary>
/// A server that knows the fleet's telemetry, and what to ask it: each query an instant one in PromQL that gives one
/// number, a scalar or a vector of one series.
/// </summary>
/// <param name="Server">
/// Base address, to which <c>/api/v1/query</c> is added; absolute, http or https, without credentials in it.
/// </param>
/// <param name="Healthy">GPUs that answer.</param>
/// <param name="Running">
/// GPUs in use; leased ones too where the fleet says that its demand includes them.
/// </param>
/// <param name="Queued">GPUs that waiting jobs ask for.</param>
/// <param name="Watts">What one running GPU draws; null: as the fleet states it.</param>
public sealed record PrometheusSource(Uri Server, string Healthy, string Running, string Queued, string? Watts = null)
{
    /// <summary>Characters of an address.</summary>
    public const int MaxServerLength = 2_048;

    /// <summary>Characters of a query: many times what the sums of a cluster take.</summary>
    public const int MaxQueryLength = 4_096;

    /// <summary>Everything that is wrong with it, by its fields' names in the API.</summary>
    public IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        if (ServerProblem() is { } problem)
        {
            errors.Add(
                new("telemetry.prometheus.server", problem, "give the base address, such as https://prometheus.example")
            );
        }
        RequireQuery("healthy", Healthy);
        RequireQuery("running", Running);
        RequireQuery("queued", Queued);
        if (Watts is not null)
        {
            RequireQuery("watts", Watts);
        }
        return errors;

        void RequireQuery(string name, string query)
        {
            var wrong =
                string.IsNullOrWhiteSpace(query) ? "is empty"
                : query.Length > MaxQueryLength ? $"has {query.Length} characters, more than {MaxQueryLength}"
                : null;
            if (wrong is not null)
            {
                errors.Add(
                    new($"telemetry.prometheus.{name}", wrong, "give a PromQL query, such as sum(gpus_running)")
                );
            }
        }
    }

    /// <summary>Says nothing of what the address holds: it may be a password.</summary>
    private string? ServerProblem() =>
        Server.OriginalString.Length > MaxServerLength
            ? $"has {Server.OriginalString.Length} characters, more than {MaxServerLength}"
        : !Server.IsAbsoluteUri || Server.Scheme is not ("https" or "http") ? "is no absolute http(s) address"
        : Server.UserInfo.Length > 0 ? "has a user name or password in it"
        : Server.OriginalString.AsSpan().ContainsAny('?', '#') ? "has a query or fragment"
        : null;
}
