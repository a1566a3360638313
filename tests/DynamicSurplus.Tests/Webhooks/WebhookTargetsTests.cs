using System.Net;
using System.Net.Sockets;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Webhooks;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Webhooks;

/// <summary>Where a webhook may lead. The requests that would be forged are made by real connections.</summary>
public sealed class WebhookTargetsTests
{
    private static readonly WebhookOptions Strict = new(new byte[WebhookOptions.MinSecretBytes]);
    private static readonly WebhookOptions Lenient = Strict with { AllowPrivateTargets = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forbidden =>
        [
            "https://127.0.0.1/",
            "https://127.8.8.8/",
            "https://2130706433/", // 127.0.0.1 as one number
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://100.64.0.1/",
            "https://100.100.100.200/", // a cloud's metadata
            "https://168.63.129.16/", // Azure's wire server
            "https://169.254.169.254/latest/meta-data/", // most clouds' metadata
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.0.0.192/", // a cloud's metadata
            "https://192.168.1.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:a9fe:a9fe]/", // 169.254.169.254 in IPv6's clothes
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/", // by a translator
            "https://[2002:7f00:1::]/", // by 6to4
            "https://[2001:0:7f00:1::1]/", // by Teredo
            "https://[fc00::1]/",
            "https://[fd00:ec2::254]/", // a cloud's metadata
            "https://[fe80::1]/",
            "https://[ff02::1]/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://loopback.example/",
            "https://mixed.example/", // one address is public, the other is not
            "https://rebound6.example/",
            "https://nowhere.example/",
        ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Address_that_is_not_on_the_open_internet_is_refused(string address)
    {
        var targets = new WebhookTargets(Strict, ResolveAsync);

        await Should.ThrowAsync<TargetRefusedException>(() => targets.RequireAsync(new Uri(address), Stop));
    }

    /// <summary>The check at registration is of no use to who changes a name's address afterwards.</summary>
    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Address_that_is_not_on_the_open_internet_is_not_connected_to(string address)
    {
        using var http = new HttpClient(new WebhookTargets(Strict, ResolveAsync).CreateHandler());

        var failure = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new Uri(address), Stop));

        failure.InnerException.ShouldBeOfType<TargetRefusedException>();
    }

    [Theory]
    [InlineData("https://public.example/hook?tenant=a")]
    [InlineData("https://public.example:8443/")]
    [InlineData("https://93.184.215.14/")]
    [InlineData("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://100.128.0.1/")]
    [InlineData("https://169.253.255.255/")]
    public async Task Address_on_the_open_internet_is_taken(string address) =>
        await new WebhookTargets(Strict, ResolveAsync).RequireAsync(new Uri(address), Stop);

    [Theory]
    [InlineData("http://public.example/")]
    [InlineData("ftp://public.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://public.example/")]
    [InlineData("https://user:password@public.example/")]
    [InlineData("https://public.example/#part")]
    [InlineData("https://public.example/")]
    public async Task Address_of_another_shape_is_refused(string address)
    {
        var target =
            address == "https://public.example/"
                ? new Uri(address + new string('a', WebhookTargets.MaxLength))
                : new Uri(address);

        await Should.ThrowAsync<TargetRefusedException>(() =>
            new WebhookTargets(Strict, ResolveAsync).RequireAsync(target, Stop)
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("https://loopback.example/")]
    [InlineData("http://[fd00::1]/")]
    public async Task Private_addresses_are_taken_where_the_installation_says_so(string address) =>
        await new WebhookTargets(Lenient, ResolveAsync).RequireAsync(new Uri(address), Stop);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://nowhere.example/")]
    public async Task What_cannot_be_called_is_refused_even_then(string address) =>
        await Should.ThrowAsync<TargetRefusedException>(() =>
            new WebhookTargets(Lenient, ResolveAsync).RequireAsync(new Uri(address), Stop)
        );

    /// <summary>A name that is public when it is registered, and this machine when it is called.</summary>
    [Fact]
    public async Task Name_that_comes_to_mean_this_machine_is_not_connected_to()
    {
        await using var receiver = await TestReceiver.StartAsync();
        var looked = 0;
        var targets = new WebhookTargets(
            Strict,
            (_, _) => Task.FromResult<IPAddress[]>([looked++ == 0 ? Public : IPAddress.Loopback])
        );
        var target = new Uri($"https://changing.example:{receiver.Address.Port}/");
        await targets.RequireAsync(target, Stop);
        using var http = new HttpClient(targets.CreateHandler());

        var failure = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(target, Stop));

        failure.InnerException.ShouldBeOfType<TargetRefusedException>();
        looked.ShouldBe(2);
        receiver.Connections.ShouldBe(0);
    }

    /// <summary>What is connected to is the address that was looked at, not the name once more.</summary>
    [Fact]
    public async Task Address_that_was_looked_at_is_the_one_connected_to()
    {
        await using var receiver = await TestReceiver.StartAsync();
        var looked = 0;
        var targets = new WebhookTargets(
            Lenient,
            (_, _) =>
            {
                looked++;
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            }
        );
        using var http = new HttpClient(targets.CreateHandler());

        var answer = await http.GetAsync(new Uri($"http://no-such-name.invalid:{receiver.Address.Port}/"), Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        looked.ShouldBe(1);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var receiver = await TestReceiver.StartAsync();
        receiver.Answer = (302, "/elsewhere");
        using var http = new HttpClient(new WebhookTargets(Lenient).CreateHandler());

        var answer = await http.GetAsync(receiver.Address, Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        receiver.Requests.ShouldHaveSingleItem().Path.ShouldBe("/");
    }

    private static IPAddress Public => IPAddress.Parse("93.184.215.14");

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        host.TrimEnd('.').ToUpperInvariant() switch
        {
            "PUBLIC.EXAMPLE" => Task.FromResult<IPAddress[]>([Public]),
            "LOCALHOST" => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
            "LOOPBACK.EXAMPLE" => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            "MIXED.EXAMPLE" => Task.FromResult<IPAddress[]>([Public, IPAddress.Parse("10.1.2.3")]),
            "REBOUND6.EXAMPLE" => Task.FromResult<IPAddress[]>([IPAddress.Parse("::ffff:192.168.0.1")]),
            "NOWHERE.EXAMPLE" => throw new SocketException((int)SocketError.HostNotFound),
            _ => throw new ArgumentException($"'{host}' is an address, which nobody resolves.", nameof(host)),
        };
}
