using System.Buffers.Text;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Queues;

/// <summary>
/// A storage queue of Base64 messages, and beside it the queue of what was given up, <c>…-poison</c>: the name that
/// Azure Functions uses too.
/// </summary>
public sealed class StorageTelemetryQueue(StorageClients clients) : ITelemetryQueue
{
    internal const string QueueName = "telemetry";
    internal const string PoisonSuffix = "-poison";
    private const int MostAtOnce = 32;
    private static readonly TimeSpan LongestVisibility = TimeSpan.FromDays(7);

    /// <summary>The service's word for "never expires": what was given up waits until somebody has looked.</summary>
    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _queue = clients.Queue(QueueName);
    private readonly QueueClient _poison = clients.Queue(QueueName + PoisonSuffix);

    public async Task SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > QueueLimits.MaxBodyBytes)
        {
            throw new ArgumentException(
                $"A message of {body.Length} bytes is above {QueueLimits.MaxBodyBytes}: split it.",
                nameof(body)
            );
        }
        await _queue.SendMessageAsync(Convert.ToBase64String(body.Span), cancellationToken);
    }

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(
        int most,
        TimeSpan visibility,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostAtOnce);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(visibility, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(visibility, LongestVisibility);
        // The client cuts the fraction off, which would show the message too early.
        var hidden = TimeSpan.FromSeconds(Math.Ceiling(visibility.TotalSeconds));
        var received = await _queue.ReceiveMessagesAsync(most, hidden, cancellationToken);
        return
        [
            .. received.Value.Select(static message => new QueuedMessage(
                message.MessageId,
                message.PopReceipt,
                (int)Math.Min(message.DequeueCount, int.MaxValue),
                Decode(message.Body)
            )),
        ];
    }

    public async Task<bool> CompleteAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DeleteMessageAsync(message.Id, message.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e)
            when (e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            return false;
        }
    }

    public Task PoisonAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken)
    {
        var framed = PoisonFrame.Write(PoisonMessage.Fit(reason, body));
        return _poison.SendMessageAsync(
            Convert.ToBase64String(framed),
            visibilityTimeout: null,
            timeToLive: ForEver,
            cancellationToken
        );
    }

    public async Task<IReadOnlyList<PoisonMessage>> PeekPoisonAsync(CancellationToken cancellationToken)
    {
        var peeked = await _poison.PeekMessagesAsync(MostAtOnce, cancellationToken);
        return [.. peeked.Value.Select(static message => PoisonFrame.Read(Decode(message.Body)))];
    }

    /// <summary>
    /// A message that is no Base64 was put there by hand, and is the text that it is: JSON never is Base64.
    /// </summary>
    private static byte[] Decode(BinaryData sent)
    {
        var text = sent.ToMemory();
        if (!Base64.IsValid(text.Span))
        {
            return text.ToArray();
        }
        return Convert.FromBase64String(Encoding.ASCII.GetString(text.Span));
    }
}
