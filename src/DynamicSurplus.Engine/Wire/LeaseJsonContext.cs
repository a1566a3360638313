using System.Text.Json.Serialization;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// What the compiler generates for the stored lease types; <see cref="LeaseJson"/> gives them their names.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LeaseEventEnvelope))]
[JsonSerializable(typeof(LeaseEvent.Held))]
[JsonSerializable(typeof(LeaseEvent.Lapsed))]
[JsonSerializable(typeof(LeaseEvent.Accepted))]
[JsonSerializable(typeof(LeaseEvent.Granted))]
[JsonSerializable(typeof(LeaseEvent.ReclaimDecided))]
[JsonSerializable(typeof(LeaseEvent.NoticeSent))]
[JsonSerializable(typeof(LeaseEvent.Ended))]
[JsonSerializable(typeof(LeaseEvent.Settled))]
[JsonSerializable(typeof(LeaseEffect))]
[JsonSerializable(typeof(LeaseEffect.ScheduleWake))]
[JsonSerializable(typeof(LeaseEffect.Grant))]
[JsonSerializable(typeof(LeaseEffect.Revoke))]
[JsonSerializable(typeof(LeaseEffect.Notify))]
[JsonSerializable(typeof(LeaseEffect.MoveReservation))]
[JsonSerializable(typeof(LeaseEffect.ForgetReservation))]
[JsonSerializable(typeof(LeaseEffect.Settle))]
[JsonSerializable(typeof(LeaseEffect.RefreshView))]
[JsonSerializable(typeof(LeaseEffect.Publish))]
internal sealed partial class LeaseJsonContext : JsonSerializerContext;
