namespace DynamicSurplus.Local.Serving;

/// <summary>A file held open by one process at a time; the system lets go of it however the process ends.</summary>
internal static class AzuriteFileLock
{
    /// <summary>Takes the lock, or returns null where another holds it.</summary>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    internal static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            return null; // a missing folder has a type of its own
        }
    }
}
