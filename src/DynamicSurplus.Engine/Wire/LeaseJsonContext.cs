using System.Text.Json.Serialization;
using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

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
[JsonSerializable(typeof(LeaseEvent.Rescinded))]
[JsonSerializable(typeof(LeaseEvent.Shrunk))]
[JsonSerializable(typeof(LeaseEvent.Renewed))]
[JsonSerializable(typeof(LeaseEvent.NotRenewed))]
[JsonSerializable(typeof(LeaseEvent.SpendReached))]
[JsonSerializable(typeof(LeaseEvent.CushionLow))]
[JsonSerializable(typeof(LeaseEvent.Credited))]
[JsonSerializable(typeof(LeaseEvent.Corrected))]
[JsonSerializable(typeof(LeaseEvent.Ended))]
[JsonSerializable(typeof(LeaseEvent.Settled))]
[JsonSerializable(typeof(LeaseEffect))]
[JsonSerializable(typeof(LeaseEffect.ScheduleWake))]
[JsonSerializable(typeof(LeaseEffect.Grant))]
[JsonSerializable(typeof(LeaseEffect.Revoke))]
[JsonSerializable(typeof(LeaseEffect.Resize))]
[JsonSerializable(typeof(LeaseEffect.Notify))]
[JsonSerializable(typeof(LeaseEffect.MoveReservation))]
[JsonSerializable(typeof(LeaseEffect.ForgetReservation))]
[JsonSerializable(typeof(LeaseEffect.Settle))]
[JsonSerializable(typeof(LeaseEffect.RefreshView))]
[JsonSerializable(typeof(LeaseEffect.Publish))]
[JsonSerializable(typeof(StatementLine))]
internal sealed partial class LeaseJsonContext : JsonSerializerContext;
