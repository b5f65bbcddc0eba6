use super::*;
use loopback::{Client, assert_bytes, pair, within};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Who signs the certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are right");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("ring makes keys");
        let certificate = params.self_signed(&key).expect("it can be signed");
        Self {
            certificate: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    fn identity(&self, name: &str) -> Identity {
        let key = KeyPair::generate().expect("ring makes keys");
        let params = CertificateParams::new(vec![name.to_string()]).expect("a name");
        let certificate = params
            .signed_by(&key, &self.issuer)
            .expect("it can be signed");
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        (vec![certificate.der().clone()], key)
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a certificate");
        Arc::new(roots)
    }

    /// A client that trusts this authority.
    fn client(&self) -> ClientConfig {
        client(self.roots(), &[&TLS13, &TLS12])
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(default_provider())
}

fn client(
    roots: Arc<RootCertStore>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> ClientConfig {
    ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)
        .expect("ring knows both versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Two sites and their upstreams: One.Example speaks h2, two.example speaks http/1.1.
struct World {
    authority: Authority,
    terminator: Arc<Terminator>,
    upstreams: [TcpListener; 2],
}

impl World {
    fn new() -> Self {
        Self::with_authority_for_clients(None)
    }

    /// As [`World::new`]; with an authority the second site demands a client certificate of it.
    fn with_authority_for_clients(clients: Option<&Authority>) -> Self {
        let authority = Authority::new();
        let upstreams = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let names = [("One.Example", "h2"), ("two.example", "http/1.1")];
        let sites = names
            .iter()
            .zip(&upstreams)
            .map(|((name, protocol), upstream)| {
                let builder = ServerConfig::builder_with_provider(provider())
                    .with_safe_default_protocol_versions()
                    .expect("ring knows both versions");
                let builder = match clients.filter(|_| *name == "two.example") {
                    None => builder.with_no_client_auth(),
                    Some(clients) => {
                        let verifier = WebPkiClientVerifier::builder_with_provider(
                            clients.roots(),
                            provider(),
                        );
                        builder.with_client_cert_verifier(verifier.build().expect("it has a root"))
                    }
                };
                let (chain, key) = authority.identity(&name.to_lowercase());
                let mut config = builder.with_single_cert(chain, key).expect("they fit");
                config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
                Site {
                    name: name.to_string(),
                    config: Arc::new(config),
                    upstream: upstream.local_addr().expect("it is bound"),
                }
            })
            .collect();
        Self {
            authority,
            terminator: Arc::new(Terminator::new(sites)),
            upstreams,
        }
    }

    /// A connection to the terminator, and what `handle` gives in the end.
    fn connect(&self) -> (TcpStream, JoinHandle<io::Result<()>>) {
        let (near, far) = pair();
        let terminator = self.terminator.clone();
        (near, thread::spawn(move || terminator.handle(far)))
    }

    /// A client with a complete handshake, its upstream, and what `handle` gives in the end.
    #[track_caller]
    fn link(&self, site: usize) -> (Tls, Client, JoinHandle<io::Result<()>>) {
        let (near, handle) = self.connect();
        let name = ["one.example", "two.example"][site];
        let tls = shake_hands(near, name, self.authority.client()).expect("the handshake is right");
        (tls, self.upstream(site), handle)
    }

    /// The connection that the terminator makes to an upstream.
    #[track_caller]
    fn upstream(&self, site: usize) -> Client {
        let listener = self.upstreams[site].try_clone().expect("a listener");
        let (stream, _) = within("the terminator's connection to the upstream", move || {
            listener.accept().expect("a connection")
        });
        Client::over("the upstream", stream)
    }

    /// Nobody may have connected to an upstream.
    #[track_caller]
    fn expect_no_upstream(&self, why: &str) {
        for upstream in &self.upstreams {
            upstream.set_nonblocking(true).expect("an option");
            let connection = upstream.accept();
            assert!(
                connection.is_err(),
                "{why}: nobody may connect to the upstream, but somebody has"
            );
        }
    }
}

type Tls = StreamOwned<ClientConnection, Client>;

fn shake_hands(stream: TcpStream, name: &str, config: ClientConfig) -> io::Result<Tls> {
    let server = name.to_string().try_into().expect("a name or an address");
    let connection = ClientConnection::new(Arc::new(config), server).expect("a client");
    let mut tls = StreamOwned::new(connection, Client::over(name, stream));
    while tls.conn.is_handshaking() {
        tls.conn.complete_io(&mut tls.sock)?;
    }
    Ok(tls)
}

/// What `handle` gives; it has to come to its end.
#[track_caller]
fn result(handle: JoinHandle<io::Result<()>>) -> io::Result<()> {
    match within("Terminator::handle", move || handle.join()) {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

#[track_caller]
fn expect_error(handle: JoinHandle<io::Result<()>>, why: &str) {
    let result = result(handle);
    assert!(
        result.is_err(),
        "{why}: expected an error of handle, but {result:?} came"
    );
}

#[track_caller]
fn say(tls: &mut Tls, text: &str) {
    tls.write_all(text.as_bytes())
        .expect("the terminator reads");
    tls.flush().expect("the terminator reads");
}

#[track_caller]
fn hear(tls: &mut Tls, text: &str) {
    let mut came = vec![0; text.len()];
    if let Err(error) = tls.read_exact(&mut came) {
        panic!("the client waits for {text:?}: {error}");
    }
    assert_bytes(&came, text.as_bytes(), "what the client reads");
}

/// Says close_notify.
fn close(tls: &mut Tls) {
    tls.conn.send_close_notify();
    tls.flush().expect("the terminator reads");
}

/// The terminator has to say close_notify, and nothing else.
#[track_caller]
fn expect_clean_end(tls: &mut Tls) {
    let end = tls.read(&mut [0; 100]);
    assert!(
        matches!(end, Ok(0)),
        "the client expects close_notify, but {end:?} came"
    );
}

#[test]
fn each_name_gets_its_own_site() {
    let world = World::new();
    for (site, protocol) in [(0, "h2"), (1, "http/1.1")] {
        let (near, handle) = world.connect();
        let name = ["one.example", "two.example"][site];
        let mut config = world.authority.client();
        config.alpn_protocols = vec![b"http/1.1".to_vec(), b"h2".to_vec()];
        // A client accepts only a certificate for the name that it asked for.
        let mut tls = shake_hands(near, name, config).expect("the handshake is right");
        assert_eq!(
            tls.conn.alpn_protocol(),
            Some(protocol.as_bytes()),
            "the protocol of {name}"
        );
        let mut upstream = world.upstream(site);
        say(&mut tls, "hello\n");
        upstream.expect_line("hello");
        upstream.send("welcome");
        hear(&mut tls, "welcome");
        close(&mut tls);
        drop(upstream);
        result(handle).expect("both sides have ended well");
    }
}

#[test]
fn names_are_the_same_in_all_letters() {
    let world = World::new();
    for name in ["one.example", "ONE.EXAMPLE", "TWO.example"] {
        let (near, _handle) = world.connect();
        let tls = shake_hands(near, name, world.authority.client());
        assert!(
            tls.is_ok(),
            "the sites are One.Example and two.example, a client asks for {name}: {:?}",
            tls.err()
        );
    }
}

#[test]
fn an_unknown_name_gets_the_alert_unrecognized_name() {
    let world = World::new();
    for name in ["three.example", "www.one.example", "example", "192.0.2.1"] {
        let (near, handle) = world.connect();
        let Err(error) = shake_hands(near, name, world.authority.client()) else {
            panic!("a client asks for {name}, and its handshake is complete");
        };
        let text = format!("{error:?}");
        assert!(
            text.contains("UnrecognisedName"),
            "a client asks for {name}: expected the alert unrecognized_name, but {text} came"
        );
        expect_error(handle, "an unknown name");
    }
    world.expect_no_upstream("an unknown name");
}

#[test]
fn what_is_no_tls_is_an_error() {
    let world = World::new();
    let (near, handle) = world.connect();
    let mut client = Client::over("a browser", near);
    client.send("GET / HTTP/1.1\r\nHost: one.example\r\n\r\n");
    expect_error(handle, "plain HTTP");
    let (near, handle) = world.connect();
    drop(near);
    expect_error(handle, "a client that says nothing and ends");
    world.expect_no_upstream("no handshake");
}

#[test]
fn a_failed_handshake_is_an_error_and_reaches_no_upstream() {
    let world = World::new();
    let (near, handle) = world.connect();
    let stranger = Authority::new().client();
    let tls = shake_hands(near, "one.example", stranger);
    assert!(tls.is_err(), "a client that does not trust the issuer");
    expect_error(handle, "a client that does not trust the issuer");
    let (near, handle) = world.connect();
    let mut config = world.authority.client();
    config.alpn_protocols = vec![b"imap".to_vec()];
    let Err(error) = shake_hands(near, "one.example", config) else {
        panic!("a client that offers only imap, and its handshake is complete");
    };
    let text = format!("{error:?}");
    assert!(
        text.contains("NoApplicationProtocol"),
        "a client that offers only imap: expected the alert no_application_protocol, not {text}"
    );
    expect_error(handle, "a client that offers only imap");
    world.expect_no_upstream("a failed handshake");
}

#[test]
fn a_site_may_demand_a_client_certificate() {
    let clients = Authority::new();
    let world = World::with_authority_for_clients(Some(&clients));
    let (near, handle) = world.connect();
    // Under TLS 1.3 the client learns of the refusal only when it reads.
    let refused = shake_hands(near, "two.example", world.authority.client())
        .and_then(|mut tls| tls.read(&mut [0; 1]));
    let text = format!("{refused:?}");
    assert!(
        text.contains("CertificateRequired"),
        "a client without a certificate: expected the alert certificate_required, not {text}"
    );
    expect_error(handle, "a client without a certificate");
    world.expect_no_upstream("a client without a certificate");

    let (near, _handle) = world.connect();
    let (chain, key) = clients.identity("ann");
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring knows both versions")
        .with_root_certificates(world.authority.roots())
        .with_client_auth_cert(chain, key)
        .expect("they fit");
    let mut tls = shake_hands(near, "two.example", config).expect("the client has a certificate");
    world.upstreams[1]
        .set_nonblocking(false)
        .expect("an option");
    let mut upstream = world.upstream(1);
    say(&mut tls, "it is me\n");
    upstream.expect_line("it is me");
}

#[test]
fn tls_1_2_and_1_3_are_served() {
    let world = World::new();
    for version in [&TLS12, &TLS13] {
        let (near, handle) = world.connect();
        let config = client(world.authority.roots(), &[version]);
        let mut tls = shake_hands(near, "one.example", config).expect("the handshake is right");
        let mut upstream = world.upstream(0);
        say(&mut tls, "hello\n");
        upstream.expect_line("hello");
        drop(upstream);
        expect_clean_end(&mut tls);
        close(&mut tls);
        result(handle).expect("both sides have ended well");
    }
}

/// A stream that writes one byte at a time.
struct Trickle(Client);

impl Write for Trickle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(&bytes[..bytes.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Trickle {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

#[test]
fn a_handshake_may_come_byte_by_byte() {
    let world = World::new();
    let (near, _handle) = world.connect();
    let name = "one.example".try_into().expect("a name");
    let connection =
        ClientConnection::new(Arc::new(world.authority.client()), name).expect("a client");
    let mut tls = StreamOwned::new(connection, Trickle(Client::over("slow", near)));
    tls.write_all(b"hello\n").expect("the terminator reads");
    tls.flush().expect("the terminator reads");
    world.upstream(0).expect_line("hello");
}

#[test]
fn the_upstream_may_speak_first() {
    let world = World::new();
    let (mut tls, mut upstream, _handle) = world.link(0);
    upstream.send("220 ready\r\n");
    hear(&mut tls, "220 ready\r\n");
    for round in 0..10 {
        say(&mut tls, &format!("{round}\n"));
        upstream.expect_line(&round.to_string());
        upstream.send("ok");
        hear(&mut tls, "ok");
    }
}

#[test]
fn a_megabyte_goes_in_each_direction() {
    let world = World::new();
    let (mut tls, mut upstream, _handle) = world.link(0);
    let bytes: Vec<u8> = (0..1_u32 << 20).map(|i| (i % 251) as u8).collect();
    let sent = bytes.clone();
    let sender = thread::spawn(move || {
        tls.write_all(&sent).expect("the terminator reads");
        tls.flush().expect("the terminator reads");
        tls
    });
    let came = upstream.exactly(bytes.len(), "1 MiB from the client");
    assert_bytes(&came, &bytes, "1 MiB from the client");
    let mut tls = sender.join().expect("the client could send");
    let sent = bytes.clone();
    let sender = thread::spawn(move || upstream.send(&sent));
    let mut came = vec![0; bytes.len()];
    tls.read_exact(&mut came).expect("1 MiB comes");
    assert_bytes(&came, &bytes, "1 MiB from the upstream");
    sender.join().expect("the upstream could send");
}

#[test]
fn a_close_notify_ends_the_request_and_the_answer_still_comes() {
    let world = World::new();
    let (mut tls, mut upstream, handle) = world.link(0);
    say(&mut tls, "request\n");
    close(&mut tls);
    upstream.expect_line("request");
    upstream.expect_end();
    upstream.send("answer");
    drop(upstream);
    hear(&mut tls, "answer");
    expect_clean_end(&mut tls);
    result(handle).expect("both sides have ended well");
}

#[test]
fn the_end_of_the_upstream_becomes_a_close_notify() {
    let world = World::new();
    let (mut tls, mut upstream, handle) = world.link(0);
    upstream.send("goodbye");
    upstream.half_close();
    hear(&mut tls, "goodbye");
    expect_clean_end(&mut tls);
    say(&mut tls, "one more thing\n");
    upstream.expect_line("one more thing");
    close(&mut tls);
    upstream.expect_end();
    result(handle).expect("both sides have ended well");
}

#[test]
fn a_clients_end_without_close_notify_resets_the_upstream() {
    let world = World::new();
    let (mut tls, mut upstream, handle) = world.link(0);
    say(&mut tls, "pay 100\n");
    upstream.expect_line("pay 100");
    tls.sock.half_close();
    upstream.expect_reset();
    expect_error(
        handle,
        "the client's TCP connection ended without close_notify",
    );
    // What the client has got may be cut off as well, and has to look so.
    let end = tls.read(&mut [0; 100]);
    assert!(
        end.is_err(),
        "a client that was cut off reads {end:?}, as if all had come"
    );
}

#[test]
fn a_damaged_record_resets_the_upstream() {
    let world = World::new();
    let (mut tls, mut upstream, handle) = world.link(0);
    say(&mut tls, "pay 100\n");
    upstream.expect_line("pay 100");
    tls.sock.send([23, 3, 3, 0, 20]);
    tls.sock.send([0; 20]);
    upstream.expect_reset();
    expect_error(handle, "a record that nobody with the key has made");
    let text = format!("{:?}", tls.read(&mut [0; 100]));
    assert!(
        text.contains("BadRecordMac"),
        "a damaged record: expected the alert bad_record_mac, not {text}"
    );
}

#[test]
fn a_reset_by_the_upstream_is_no_clean_end() {
    let world = World::new();
    let (mut tls, mut upstream, handle) = world.link(0);
    upstream.send("half an ans");
    hear(&mut tls, "half an ans");
    reset_when_closed(upstream.stream());
    drop(upstream);
    let end = tls.read(&mut [0; 100]);
    assert!(
        end.is_err(),
        "the upstream was cut off, and the client reads {end:?}, as if all had come"
    );
    drop(tls);
    expect_error(handle, "the upstream was reset");
}

#[test]
fn many_clients_are_served_by_one_terminator() {
    let world = World::new();
    let (mut first, mut first_upstream, _first) = world.link(0);
    let (mut second, mut second_upstream, _second) = world.link(1);
    say(&mut second, "second\n");
    second_upstream.expect_line("second");
    say(&mut first, "first\n");
    first_upstream.expect_line("first");
}
