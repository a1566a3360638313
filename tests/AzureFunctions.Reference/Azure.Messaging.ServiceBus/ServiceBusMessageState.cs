#nullable disable // as the official library is

namespace Azure.Messaging.ServiceBus;

public enum ServiceBusMessageState;
