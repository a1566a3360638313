using System.Text.Json;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// API keys of a local installation: made once per data folder, kept in a file that only its user can read. The host
/// itself keeps their hashes.
/// </summary>
/// <param name="WebhookSecret">Signs the calls to the owners' controllers.</param>
/// <param name="Customers">By tenant id.</param>
internal sealed record HostKeys(
    string Operator,
    string Auditor,
    string WebhookSecret,
    IReadOnlyDictionary<string, string> Customers
)
{
    public const string Name = "keys.json";

    /// <exception cref="JsonException">The file is not one of keys.</exception>
    public static HostKeys Load(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), HostJson.Default.HostKeys)
        ?? throw new JsonException($"{path} holds no keys.");

    /// <summary>New keys, kept nowhere yet.</summary>
    public static HostKeys New(IEnumerable<string> tenants) =>
        new(Fresh(), Fresh(), Fresh(), tenants.ToDictionary(tenant => tenant, _ => Fresh(), StringComparer.Ordinal));

    public static HostKeys Of(string folder, IReadOnlyCollection<string> tenants)
    {
        var path = Path.Combine(folder, Name);
        var keys = File.Exists(path) ? Load(path) : New([]);
        var missing = tenants.Where(tenant => !keys.Customers.ContainsKey(tenant)).ToList();
        if (missing.Count > 0 || !File.Exists(path))
        {
            keys = keys with
            {
                Customers = keys
                    .Customers.Concat(missing.Select(tenant => KeyValuePair.Create(tenant, Fresh())))
                    .ToDictionary(StringComparer.Ordinal),
            };
            Save(path, keys);
        }
        return keys;
    }

    /// <summary>Each API key by the name of its principal: the operator, the auditor, the customers.</summary>
    public IEnumerable<KeyValuePair<string, string>> Named() =>
        [KeyValuePair.Create("operator", Operator), KeyValuePair.Create("auditor", Auditor), .. Customers];

    /// <summary>What the host keeps of them.</summary>
    public IReadOnlyList<ApiKey> Hashed() =>
        [
            new("operator", Roles.Operator, null, ApiKey.Hash(Operator)),
            new("auditor", Roles.Auditor, null, ApiKey.Hash(Auditor)),
            .. Customers.Select(c => new ApiKey(c.Key, Roles.Customer, TenantId.Parse(c.Key), ApiKey.Hash(c.Value))),
        ];

    private static void Save(string path, HostKeys keys)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var file = new FileStream(path + ".new", options);
        JsonSerializer.Serialize(file, keys, HostJson.Default.HostKeys);
        file.Close();
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Fresh() => ApiKey.NewSecret();
}
