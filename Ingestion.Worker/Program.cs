using Ingestion.Worker.Commands;

return await KpiCommand.RunAsync(KpiCommand.Create(), args, CancellationToken.None);
