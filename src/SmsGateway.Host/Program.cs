using SmsGateway.Host;

return args is ["migrate" or "config" or "hold" or "restore" or "help" or "--help", ..]
    ? await GatewayCommands.RunAsync(args)
    : await GatewayNode.RunAsync(args);
