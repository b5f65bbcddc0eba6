use super::*;
use loopback::within;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{AlertDescription, ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

/// How long a read or a write may take that takes a right answer milliseconds. Many tests may wait for a wrong one.
const DEADLINE: Duration = Duration::from_secs(2);

/// Who signs every certificate of these tests.
static AUTHORITY: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(|| {
    let mut params = CertificateParams::new(vec![]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"))
        .expect("a certificate")
});

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots
        .add(AUTHORITY.as_ref().der().clone())
        .expect("a certificate of an authority");
    roots
}

/// A certificate for a name, and its key.
fn certificate(name: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_string()]).expect("a name");
    let certificate = params.signed_by(&key, &AUTHORITY).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    (certificate.der().clone(), key)
}

fn server_config(
    name: &str,
    alpn: &[&str],
    asks_for_certificates: bool,
) -> (Arc<ServerConfig>, CertificateDer<'static>) {
    let (certificate, key) = certificate(name);
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the versions fit the provider");
    let builder = if asks_for_certificates {
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots()), provider());
        builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
    } else {
        builder.with_no_client_auth()
    };
    let mut config = builder
        .with_single_cert(vec![certificate.clone()], key)
        .expect("the key fits the certificate");
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    (Arc::new(config), certificate)
}

/// A site with its own server, which is the test.
struct Behind {
    listener: TcpListener,
    certificate: CertificateDer<'static>,
}

impl Behind {
    fn site(name: &str, alpn: &[&str], asks_for_certificates: bool) -> (Site, Behind) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let (config, certificate) =
            server_config(&name.to_ascii_lowercase(), alpn, asks_for_certificates);
        let upstream = listener.local_addr().expect("an address");
        let name = name.to_string();
        (
            Site {
                name,
                config,
                upstream,
            },
            Behind {
                listener,
                certificate,
            },
        )
    }

    /// The terminator's connection to this upstream.
    #[track_caller]
    fn accept(&self) -> TcpStream {
        let listener = self.listener.try_clone().expect("a clone");
        let (stream, _) = within("the terminator connects to the upstream", move || {
            listener.accept()
        })
        .expect("a connection");
        patient(stream)
    }

    /// Asked after `handle` has returned.
    #[track_caller]
    fn assert_not_contacted(&self) {
        self.listener.set_nonblocking(true).expect("an option");
        let came = self
            .listener
            .accept()
            .map(|_| ())
            .map_err(|error| error.kind());
        assert_eq!(
            came,
            Err(io::ErrorKind::WouldBlock),
            "the upstream must not be contacted"
        );
    }
}

/// No read or write of a test waits for ever.
fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).expect("an option");
    stream.set_write_timeout(Some(DEADLINE)).expect("an option");
    stream.set_nodelay(true).expect("an option");
    stream
}

/// A terminator that serves one connection.
struct Front {
    addr: SocketAddr,
    handled: Receiver<io::Result<()>>,
}

impl Front {
    fn new(sites: Vec<Site>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let addr = listener.local_addr().expect("an address");
        let (tell, handled) = channel();
        thread::spawn(move || {
            let (client, _) = listener.accept().expect("a client");
            let terminator = Terminator::new(sites);
            let _ = tell.send(terminator.handle(client));
        });
        Self { addr, handled }
    }

    fn connect(&self) -> TcpStream {
        patient(TcpStream::connect(self.addr).expect("the terminator listens"))
    }

    /// What `handle` returned.
    #[track_caller]
    fn handled(&self) -> io::Result<()> {
        self.handled.recv_timeout(DEADLINE).unwrap_or_else(|error| {
            panic!("`handle` has not returned within {DEADLINE:?} ({error}): both directions have ended")
        })
    }
}

/// Terminator, upstream and one site with this name.
fn one_site(name: &str) -> (Front, Behind) {
    let (site, behind) = Behind::site(name, &[], false);
    (Front::new(vec![site]), behind)
}

type Client = StreamOwned<ClientConnection, TcpStream>;

fn client_config() -> ClientConfig {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the versions fit the provider")
        .with_root_certificates(roots())
        .with_no_client_auth()
}

fn connection(config: ClientConfig, name: &str) -> ClientConnection {
    let name = ServerName::try_from(name.to_string()).expect("a name");
    ClientConnection::new(Arc::new(config), name).expect("a client")
}

fn client(front: &Front, name: &str) -> Client {
    StreamOwned::new(connection(client_config(), name), front.connect())
}

/// Makes the handshake of a client.
#[track_caller]
fn shake(client: &mut Client) {
    let done = client.conn.complete_io(&mut client.sock);
    done.unwrap_or_else(|error| panic!("the handshake of a client fails: {error}"));
}

/// The alert that a client gets in place of a connection that works.
#[track_caller]
fn alert(client: &mut Client) -> AlertDescription {
    // With TLS 1.3 a client may be through with its handshake before the server refuses it.
    let error = match client.conn.complete_io(&mut client.sock) {
        Ok(_) => client
            .read(&mut [0])
            .map(|n| panic!("the client is served ({n})"))
            .unwrap_err(),
        Err(error) => error,
    };
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::AlertReceived(alert)) => *alert,
        _ => panic!("the client got no alert, but: {error}"),
    }
}

#[track_caller]
fn read_exactly(stream: &mut impl Read, n: usize, who: &str) -> String {
    let mut bytes = vec![0; n];
    if let Err(error) = stream.read_exact(&mut bytes) {
        panic!("{who} waits for {n} bytes: {error}");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A client and an upstream exchange two words.
#[track_caller]
fn talk(client: &mut Client, upstream: &mut TcpStream) {
    client.write_all(b"ping").expect("the client writes");
    client.flush().expect("the client writes");
    assert_eq!(read_exactly(upstream, 4, "the upstream"), "ping");
    upstream.write_all(b"pong").expect("the upstream writes");
    assert_eq!(read_exactly(client, 4, "the client"), "pong");
}

/// Ends both directions of a connection well.
#[track_caller]
fn finish(mut client: Client, mut upstream: TcpStream, front: &Front) {
    client.conn.send_close_notify();
    client.flush().expect("the client writes");
    let mut rest = Vec::new();
    upstream
        .read_to_end(&mut rest)
        .expect("the end of the client's direction is a clean end upstream");
    assert!(
        rest.is_empty(),
        "the upstream reads {rest:?} which nobody wrote"
    );
    drop(upstream);
    client
        .read_to_end(&mut rest)
        .expect("the end of the upstream is a clean end for the client");
    front
        .handled()
        .expect("`handle` returns Ok after two clean ends");
}

#[test]
fn plain_text_goes_both_ways() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    talk(&mut client, &mut upstream);
    finish(client, upstream, &front);
}

#[test]
fn each_name_leads_to_its_own_site() {
    for asked in [0, 1] {
        let names = ["a.example", "b.example"];
        let (sites, behinds): (Vec<Site>, Vec<Behind>) = names
            .iter()
            .map(|name| Behind::site(name, &[], false))
            .unzip();
        let front = Front::new(sites);
        let mut client = client(&front, names[asked]);
        shake(&mut client);
        let shown = client
            .conn
            .peer_certificates()
            .and_then(|all| all.first())
            .cloned();
        assert_eq!(
            shown.as_ref(),
            Some(&behinds[asked].certificate),
            "the certificate for {}",
            names[asked]
        );
        let mut upstream = behinds[asked].accept();
        talk(&mut client, &mut upstream);
        finish(client, upstream, &front);
        behinds[1 - asked].assert_not_contacted();
    }
}

#[test]
fn names_match_in_any_case() {
    let (front, behind) = one_site("Shop.EXAMPLE");
    let mut client = client(&front, "shop.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    finish(client, upstream, &front);
    // A client that writes the name in capitals: its hello alone, changed on the way.
    let (front, _behind) = one_site("shop.example");
    let mut hello = Vec::new();
    connection(client_config(), "shop.example")
        .write_tls(&mut hello)
        .expect("a vector");
    let at = hello
        .windows(4)
        .position(|four| four == b"shop")
        .expect("the name is in clear text");
    hello[at..at + 4].copy_from_slice(b"SHOP");
    let mut stream = front.connect();
    stream.write_all(&hello).expect("the client writes");
    let answer = read_exactly(&mut stream, 1, "a client that asks for SHOP.example");
    assert_eq!(
        answer.as_bytes(),
        [22],
        "the type of the first record of the answer (21 is an alert)"
    );
}

#[test]
fn other_names_are_refused_with_an_alert() {
    for (name, what) in [
        ("c.example", "a name that is no site's"),
        ("127.0.0.1", "no name at all"),
    ] {
        let (front, behind) = one_site("a.example");
        let mut client = client(&front, name);
        assert_eq!(
            alert(&mut client),
            AlertDescription::UnrecognisedName,
            "{what}"
        );
        assert!(
            front.handled().is_err(),
            "{what}: `handle` returns an error"
        );
        behind.assert_not_contacted();
    }
}

#[test]
fn what_is_no_tls_is_refused_without_an_answer() {
    for (bytes, what) in [
        (&b"GET / HTTP/1.1\r\n"[..], "a request of plain HTTP"),
        (b"\x16\x03\x01", "half a hello"),
    ] {
        let (front, behind) = one_site("a.example");
        let mut stream = front.connect();
        stream.write_all(bytes).expect("the client writes");
        stream.shutdown(Shutdown::Write).expect("the client closes");
        assert!(
            front.handled().is_err(),
            "{what}: `handle` returns an error"
        );
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "{what} is answered with {answer:?}");
        behind.assert_not_contacted();
    }
}

/// Sends a client's first flight in these pieces, and goes on as usual.
#[track_caller]
fn served_in_pieces(pieces: impl Fn(Vec<u8>) -> Vec<Vec<u8>>) {
    let (front, behind) = one_site("a.example");
    let mut conn = connection(client_config(), "a.example");
    let mut hello = Vec::new();
    conn.write_tls(&mut hello).expect("a vector");
    let mut stream = front.connect();
    for piece in pieces(hello) {
        stream.write_all(&piece).expect("the client writes");
    }
    let mut client = StreamOwned::new(conn, stream);
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    finish(client, upstream, &front);
}

#[test]
fn the_hello_may_come_byte_by_byte() {
    served_in_pieces(|hello| hello.iter().map(|byte| vec![*byte]).collect());
}

#[test]
fn the_hello_may_come_in_two_records() {
    served_in_pieces(|hello| {
        let message = &hello[5..];
        let half = message.len() / 2;
        let record = |content: &[u8]| {
            let len = (content.len() as u16).to_be_bytes();
            [&[22, 3, 1][..], &len, content].concat()
        };
        vec![[record(&message[..half]), record(&message[half..])].concat()]
    });
}

#[test]
fn the_site_decides_on_protocols() {
    let speaks = |protocols: &[&str]| {
        let mut config = client_config();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        config
    };
    let (site, behind) = Behind::site("a.example", &["h2", "http/1.1"], false);
    let front = Front::new(vec![site]);
    let conn = connection(speaks(&["http/1.1"]), "a.example");
    let mut client = StreamOwned::new(conn, front.connect());
    shake(&mut client);
    assert_eq!(
        client.conn.alpn_protocol(),
        Some(&b"http/1.1"[..]),
        "both speak http/1.1"
    );
    finish(client, behind.accept(), &front);

    let (site, behind) = Behind::site("a.example", &["h2"], false);
    let front = Front::new(vec![site]);
    let conn = connection(speaks(&["spdy"]), "a.example");
    let mut client = StreamOwned::new(conn, front.connect());
    assert_eq!(
        alert(&mut client),
        AlertDescription::NoApplicationProtocol,
        "a client that speaks spdy only, at a site that speaks h2 only"
    );
    assert!(
        front.handled().is_err(),
        "`handle` returns an error after a failed handshake"
    );
    behind.assert_not_contacted();
}

#[test]
fn the_site_decides_on_clients() {
    let (site, behind) = Behind::site("a.example", &[], true);
    let front = Front::new(vec![site]);
    let mut refused = client(&front, "a.example");
    assert_eq!(
        alert(&mut refused),
        AlertDescription::CertificateRequired,
        "a client without a certificate, at a site that asks for one"
    );
    assert!(
        front.handled().is_err(),
        "`handle` returns an error after a failed handshake"
    );
    behind.assert_not_contacted();

    let (site, behind) = Behind::site("a.example", &[], true);
    let front = Front::new(vec![site]);
    let (own, key) = certificate("client.example");
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the versions fit the provider")
        .with_root_certificates(roots())
        .with_client_auth_cert(vec![own], key)
        .expect("the key fits the certificate");
    let mut client = StreamOwned::new(connection(config, "a.example"), front.connect());
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    finish(client, upstream, &front);
}

#[test]
fn a_client_that_does_not_trust_the_site_reaches_nothing() {
    let (front, behind) = one_site("a.example");
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the versions fit the provider")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let mut client = StreamOwned::new(connection(config, "a.example"), front.connect());
    client
        .conn
        .complete_io(&mut client.sock)
        .expect_err("the client knows no authority");
    assert!(
        front.handled().is_err(),
        "`handle` returns an error after a failed handshake"
    );
    behind.assert_not_contacted();
}

#[test]
fn tls_1_2_is_served_too() {
    let (front, behind) = one_site("a.example");
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS12])
        .expect("the version fits the provider")
        .with_root_certificates(roots())
        .with_no_client_auth();
    let mut client = StreamOwned::new(connection(config, "a.example"), front.connect());
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    finish(client, upstream, &front);
}

/// Passes TLS on from one side to the other, without a socket's help: the client's answer to the server's flight, and plain
/// text behind it, go out in one write.
#[test]
fn what_comes_with_the_last_message_of_the_handshake_is_not_lost() {
    let (front, behind) = one_site("a.example");
    let mut conn = connection(client_config(), "a.example");
    let mut stream = front.connect();
    while conn.is_handshaking() {
        while conn.wants_write() {
            conn.write_tls(&mut stream).expect("the client writes");
        }
        let read = conn.read_tls(&mut stream).expect("the client reads");
        assert!(
            read > 0,
            "the terminator ends the connection before the handshake is over"
        );
        conn.process_new_packets()
            .expect("the server's messages are right");
    }
    // The handshake is over for the client, and its last message is still here.
    conn.writer()
        .write_all(b"early")
        .expect("the client writes");
    let mut flight = Vec::new();
    while conn.wants_write() {
        conn.write_tls(&mut flight).expect("a vector");
    }
    stream.write_all(&flight).expect("the client writes");
    let mut upstream = behind.accept();
    assert_eq!(read_exactly(&mut upstream, 5, "the upstream"), "early");
    finish(StreamOwned::new(conn, stream), upstream, &front);
}

#[test]
fn much_flows_in_both_directions_at_once() {
    const MUCH: usize = 300_000;
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    let mut to_client = upstream.try_clone().expect("a clone");
    let pattern = |seed: u8| -> Vec<u8> { (0..MUCH).map(|i| (i / 7) as u8 ^ seed).collect() };
    // The upstream writes all that it has before it reads; so does the client.
    let wrote = thread::spawn(move || to_client.write_all(&pattern(1)));
    let read = thread::spawn(move || {
        let mut bytes = vec![0; MUCH];
        upstream.read_exact(&mut bytes).map(|()| (bytes, upstream))
    });
    client
        .write_all(&pattern(2))
        .expect("the client writes 300,000 bytes");
    client.flush().expect("the client writes");
    let mut bytes = vec![0; MUCH];
    client
        .read_exact(&mut bytes)
        .expect("the client reads 300,000 bytes");
    assert!(
        bytes == pattern(1),
        "the client reads what the upstream wrote"
    );
    wrote
        .join()
        .expect("no panic")
        .expect("the upstream writes 300,000 bytes");
    let (bytes, upstream) = read
        .join()
        .expect("no panic")
        .expect("the upstream reads 300,000 bytes");
    assert!(
        bytes == pattern(2),
        "the upstream reads what the client wrote"
    );
    finish(client, upstream, &front);
}

#[test]
fn the_upstream_can_answer_after_the_clients_end() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    client.write_all(b"how many?").expect("the client writes");
    client.conn.send_close_notify();
    client.flush().expect("the client writes");
    let mut question = String::new();
    upstream
        .read_to_string(&mut question)
        .expect("close_notify is a clean end upstream");
    assert_eq!(question, "how many?");
    upstream.write_all(b"three").expect("the upstream writes");
    drop(upstream);
    let mut answer = String::new();
    client
        .read_to_string(&mut answer)
        .expect("the end of the upstream is a clean end for the client");
    assert_eq!(answer, "three");
    front
        .handled()
        .expect("`handle` returns Ok after two clean ends");
}

#[test]
fn the_client_can_go_on_after_the_upstreams_end() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    upstream.write_all(b"bye").expect("the upstream writes");
    upstream
        .shutdown(Shutdown::Write)
        .expect("the upstream ends its direction");
    let mut words = String::new();
    client
        .read_to_string(&mut words)
        .expect("the client gets close_notify after the upstream's last byte");
    assert_eq!(words, "bye");
    client
        .write_all(b"one more thing")
        .expect("the client writes");
    client.conn.send_close_notify();
    client.flush().expect("the client writes");
    let mut words = String::new();
    upstream
        .read_to_string(&mut words)
        .expect("close_notify is a clean end upstream");
    assert_eq!(words, "one more thing");
    front
        .handled()
        .expect("`handle` returns Ok after two clean ends");
}

#[test]
fn a_cut_connection_is_no_end() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    client
        .write_all(b"transfer 1000")
        .expect("the client writes");
    client.flush().expect("the client writes");
    assert_eq!(
        read_exactly(&mut upstream, 13, "the upstream"),
        "transfer 1000"
    );
    // The client's direction ends without close_notify.
    client
        .sock
        .shutdown(Shutdown::Write)
        .expect("the connection is cut");
    let error = front
        .handled()
        .expect_err("`handle` returns an error when the client was cut off");
    let came = upstream.read(&mut [0; 1]);
    let came = came.map_err(|error| error.kind());
    assert_eq!(
        came,
        Err(io::ErrorKind::ConnectionReset),
        "the upstream of a client that was cut off reads (Ok(0) is a clean end; `handle` returned: {error})"
    );
}

#[test]
fn a_forged_record_is_no_end_either() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    client
        .sock
        .write_all(b"\x17\x03\x03\x00\x20forged record of 32 bytes, no key")
        .expect("the forger writes");
    front
        .handled()
        .expect_err("`handle` returns an error after a record that is not the client's");
    let came = upstream.read(&mut [0; 1]).map_err(|error| error.kind());
    assert_eq!(
        came,
        Err(io::ErrorKind::ConnectionReset),
        "the upstream reads after a forged record"
    );
}

#[test]
fn a_reset_of_the_upstream_is_no_end() {
    let (front, behind) = one_site("a.example");
    let mut client = client(&front, "a.example");
    shake(&mut client);
    let mut upstream = behind.accept();
    talk(&mut client, &mut upstream);
    upstream.write_all(b"half of").expect("the upstream writes");
    assert_eq!(read_exactly(&mut client, 7, "the client"), "half of");
    let linger = socket2::SockRef::from(&upstream).set_linger(Some(Duration::ZERO));
    linger.expect("an option");
    drop(upstream);
    let came = client.read(&mut [0; 1]).map_err(|error| error.kind());
    assert!(
        matches!(
            came,
            Err(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
        ),
        "the client of an upstream that was reset reads {came:?} (Ok(0) is a clean end, WouldBlock is no end at all)"
    );
    let handled = front.handled();
    handled.expect_err("`handle` returns an error when the upstream was reset");
}
