using Dashboard.Web.Commands;
using Ingestion.Worker.Commands;

return await KpiCommand.RunAsync(KpiCommand.Create().Serving(), args, CancellationToken.None);
