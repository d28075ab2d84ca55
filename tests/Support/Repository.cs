namespace Tests.Support;

/// <summary>Where this checkout is, found from the test assembly upwards.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "KpiDashboard.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No KpiDashboard.sln above " + AppContext.BaseDirectory);
    }
}
