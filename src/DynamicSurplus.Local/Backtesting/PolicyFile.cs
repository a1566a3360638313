using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// A fleet policy in a file: a JSON object of members as in the API; what is left out takes its default.
/// </summary>
public static class PolicyFile
{
    private const long MaxBytes = 1 << 20;

    /// <param name="file">Null: every knob at its default.</param>
    /// <param name="ceiling">Where the file states none.</param>
    /// <exception cref="InvalidDataException">Names every member that is wrong, and how to put it right.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FleetPolicy Read(FileInfo? file, Rate ceiling)
    {
        if (file is null)
        {
            return FleetPolicy.Under(ceiling);
        }
        if (file.Length > MaxBytes)
        {
            throw new InvalidDataException($"{file} is larger than 1 MiB: give a JSON object of a policy's members.");
        }
        try
        {
            return FleetReader.ReadPolicy(File.ReadAllBytes(file.FullName), ceiling);
        }
        catch (ProblemException exception)
        {
            var errors = exception.Problem.Errors.Select(error => $"{error.Field}: {error.Problem}; {error.Fix}");
            throw new InvalidDataException($"{file}: {string.Join("\n  ", errors)}", exception);
        }
    }
}
