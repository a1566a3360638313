using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Settings;

/// <summary>The app's settings are wrong; it does not start.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without what is wrong it would say nothing.")]
public sealed class InvalidSettingsException : Exception
{
    public InvalidSettingsException(IReadOnlyList<FieldError> errors)
        : base("The app's settings are wrong:" + string.Concat(errors.Select(error => $"\n  {error}"))) =>
        Errors = errors;

    /// <summary>Each names its setting as the environment does: <c>Surplus__ShardCount</c>.</summary>
    public IReadOnlyList<FieldError> Errors { get; }
}
