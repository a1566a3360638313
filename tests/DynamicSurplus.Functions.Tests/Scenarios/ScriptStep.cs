using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Tests.Scenarios;

internal sealed record ScriptStep(DateTimeOffset At, LeaseId Lease, LeaseCommand Command);
