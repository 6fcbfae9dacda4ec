namespace SmsGateway.Ledger;

// What a receipt and an outcome meet by.
internal readonly record struct CarrierKey(string Connector, string CarrierMessageId);
