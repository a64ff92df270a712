//! A canary in every kind of field: shared on both stores, and looked for wherever something of an upload could stay or show.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use sqlx::{Connection as _, Row as _};

use crate::postgres;
use crate::server::{Answer, Server, Starting, command, terminate};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  - name: web\n    ports: [{containerPort: 80}]\n";

/// Where a canary sits, and the manifest; `@` is the canary, `^` its base64.
const FIELDS: &[(&str, &str)] = &[
    ("Secret data", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {key: ^}\n"),
    ("the keys of Secret data", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {@: YQ==}\n"),
    ("Secret stringData", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {@: '@'}\n"),
    (
        "a block of stringData",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  key: |\n    one\n    @\n",
    ),
    ("Secret type", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: '@'\n"),
    (
        "ConfigMap data",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {@: '@'}\nbinaryData: {@: ^}\n",
    ),
    (
        "labels of a workload",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {@: '@'}}\n",
    ),
    (
        "labels of a Service",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {@: '@'}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "annotations",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: {@: '@', example.com/@: '@'}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "last-applied-configuration",
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"apiVersion\":\"v1\",\"kind\":\"Service\",\"data\":{\"@\":\"^\"}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "managedFields",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, managedFields: [{manager: '@', fieldsV1: {'f:@': {}}}]}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "finalizers and owners' uids",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, uid: '@', finalizers: ['@'], ownerReferences: [{apiVersion: v1, kind: Node, name: n, uid: '@'}]}\n",
    ),
    (
        "image",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: '@/x:1'}], imagePullSecrets: [{name: '@'}]}\n",
    ),
    (
        "args and command",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, args: ['--password=@'], command: ['@']}]}\n",
    ),
    (
        "env",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, env: [{name: '@', value: '@'}, {name: X, valueFrom: {secretKeyRef: {name: '@', key: '@'}}}]}]}\n",
    ),
    (
        "envFrom",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, envFrom: [{prefix: '@', secretRef: {name: '@'}}]}]}\n",
    ),
    (
        "probes",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, readinessProbe: {httpGet: {port: 80, host: '@', path: '/@', httpHeaders: [{name: '@', value: '@'}]}}, livenessProbe: {exec: {command: ['@']}}, startupProbe: {grpc: {port: 1, service: '@'}}}]}\n",
    ),
    (
        "a probe of a port that there is not",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, readinessProbe: {httpGet: {port: http, path: '/@'}}}]}\n",
    ),
    (
        "hooks",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, lifecycle: {preStop: {httpGet: {port: 80, path: '/@', host: '@'}}}}]}\n",
    ),
    (
        "volumes",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: '@', hostPath: {path: '/@'}}, {name: v, configMap: {name: '@', items: [{key: '@', path: '@'}]}}], containers: [{name: c, volumeMounts: [{name: '@', mountPath: '/@', subPath: '@'}]}]}\n",
    ),
    (
        "resources",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, resources: {limits: {@: '1'}}}]}\n",
    ),
    (
        "security context and service account",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: '@', schedulerName: '@', priorityClassName: '@', securityContext: {seLinuxOptions: {user: '@'}}, containers: [{name: c}]}\n",
    ),
    (
        "status messages",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\nstatus: {message: '@', reason: '@', conditions: [{type: Ready, status: 'False', reason: '@', message: '@'}], containerStatuses: [{name: c, image: '@', imageID: '@', containerID: '@'}]}\n",
    ),
    (
        "claims of a StatefulSet",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {serviceName: s, volumeClaimTemplates: [{metadata: {name: '@'}, spec: {storageClassName: '@'}}]}\n",
    ),
    (
        "annotations of a template",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {metadata: {annotations: {@: '@'}}, spec: {containers: [{name: c}]}}}\n",
    ),
    (
        "a custom resource",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, labels: {@: '@'}}\nspec: {@: '@', list: ['@', {@: '@'}]}\nstatus: {@: '@'}\n@: '@'\n",
    ),
    (
        "an Ingress' annotations and TLS secret",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {nginx.ingress.kubernetes.io/auth-secret: '@', nginx.ingress.kubernetes.io/configuration-snippet: '@'}}\nspec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}\n",
    ),
    (
        "a route's filters",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: g}], rules: [{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: '@', value: '@'}]}}], backendRefs: [{name: s, port: 80}]}]}\n",
    ),
    (
        "a Node's annotations and status",
        "apiVersion: v1\nkind: Node\nmetadata: {name: n, annotations: {@: '@'}}\nspec: {providerID: '@'}\nstatus: {nodeInfo: {machineID: '@', kernelVersion: '@'}, images: [{names: ['@']}]}\n",
    ),
    (
        "unknown fields",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, @: '@'}\nspec: {@: '@', ports: [{port: 80, @: '@'}]}\n",
    ),
    (
        "values of the wrong type",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: ['@'], ports: [{port: {@: '@'}}], type: {@: '@'}, externalIPs: {@: '@'}}\n",
    ),
    (
        "comments",
        "# @\napiVersion: v1 # @\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n# @\n",
    ),
    (
        "anchors and tags",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: &@ {a: b}}\nspec: {ports: [{port: 80}], x: *@, y: !@ z}\n",
    ),
    (
        "merges",
        "x: &a {@: '@'}\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {<<: *a, ports: [{port: 80}]}\n",
    ),
    (
        "a directive",
        "%@ 1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "a broken document",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '@\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n",
    ),
    ("bad indentation", "apiVersion: v1\nkind: Secret\n data:\n@: ^\n"),
    ("an unknown anchor", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: *@\n"),
    ("a key written twice", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {@: YQ==, @: YQ==}\n"),
    (
        "text after the end",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n...\n@: '@'\n",
    ),
    ("a template", "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Values.@ }}}\n"),
    ("kubectl's table", "NAME   TYPE   DATA\n@   Opaque   1\n"),
    ("lost line ends", "apiVersion: v1 kind: Secret metadata: {name: s} data: {a: @}\n"),
    ("no object", "password: '@'\n"),
    ("a scalar", "@\n"),
    (
        "JSON",
        "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"data\": {\"@\": \"^\"}, \"stringData\": {\"@\": \"@\"}}\n",
    ),
    ("broken JSON", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {\"@\": \"@\",}}\n"),
    (
        "a List",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}, data: {@: ^}}\n- '@'\n",
    ),
    ("a typed list", "apiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: s}, data: {@: ^}}]\n"),
    ("a Secret of a wrong version", "apiVersion: v2\nkind: Secret\nmetadata: {name: s}\ndata: {@: ^}\n"),
    (
        "a kind that was nearly meant",
        "apiVersion: v1\nkind: secret\nmetadata: {name: s}\ndata: {@: ^}\nstringData: {@: '@'}\n",
    ),
];

/// The canary of a field: letters that nothing else has, in any spelling of it.
fn canary(number: usize) -> String {
    format!("kanarievogel{number:03}x")
}

fn filled(number: usize, text: &str) -> String {
    let canary = canary(number);
    let encoded = base64::engine::general_purpose::STANDARD.encode(&canary);
    text.replace('@', &canary).replace('^', &encoded)
}

/// What no byte may spell: the canaries, and the start of their base64, whatever number follows.
fn expect_none(place: &str, bytes: &[u8]) {
    let lower = bytes.to_ascii_lowercase();
    let encoded = base64::engine::general_purpose::STANDARD.encode("kanarievogel");
    for (what, word) in [(&lower[..], "kanarievogel"), (bytes, encoded.trim_end_matches('='))] {
        let found = what.windows(word.len()).position(|window| window == word.as_bytes());
        if let Some(at) = found {
            let around = &bytes[at.saturating_sub(300)..(at + 60).min(bytes.len())];
            let shown = String::from_utf8_lossy(around);
            let number = shown.split("kanarievogel").nth(1).and_then(|rest| rest.get(..3)?.parse().ok());
            let field = number.and_then(|number: usize| FIELDS.get(number)).map_or("", |(field, _)| field);
            panic!("a canary of {field:?} is in {place}:\n{shown}");
        }
    }
}

/// Every file as itself, among files that are not read and whose names are nobody's business.
fn archive() -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut add = |name: &str, text: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, text.as_bytes()).expect("an entry");
    };
    for (number, (_, text)) in FIELDS.iter().enumerate() {
        add(&format!("k8s/{number}.yaml"), &filled(number, text));
    }
    add("README.md", &canary(900));
    add(&format!("{}/id_rsa", canary(901)), &canary(902));
    add(&format!("{}.txt", canary(903)), "x");
    add(&format!("._{}.yaml", canary(904)), &canary(905));
    add("chart/values.yaml", &format!("password: {}\n", canary(906)));
    builder.into_inner().and_then(GzEncoder::finish).expect("an archive")
}

/// Asks with a body of bytes; the answer's bytes, head included.
fn send(server: &Server, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address).expect("the server listens");
    let (host, length) = (server.address, body.len());
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let status = String::from_utf8_lossy(&answer[9..12]).parse().expect("a status");
    (status, answer)
}

fn share(server: &Server, body: &[u8], headers: &str) -> String {
    let (status, answer) = send(server, "POST", "/api/v1/diagrams?expires=1h", headers, body);
    let answer = String::from_utf8_lossy(&answer);
    assert_eq!(status, 201, "{answer}");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["id"].as_str().expect("an id").to_owned()
}

/// Every face of a shared diagram, and its page with each thing on the board selected.
fn expect_no_face_shows_one(server: &Server, id: &str, field: &str) {
    let mut pages = vec![String::new()];
    for extension in ["svg", "png", "json", "txt", "mmd", "dot", "csv", "yaml"] {
        pages.push(format!(".{extension}"));
    }
    pages.extend(
        ["?embed=1", "/badge.svg", "/preview.png", "?trace=node:30080", "?broken=1"].map(str::to_owned),
    );
    let (_, page) = send(server, "GET", &format!("/d/{id}"), "", b"");
    let page = String::from_utf8_lossy(&page).into_owned();
    let places = page.split("data-at=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut places: Vec<String> = places
        .map(|at| form_urlencoded::byte_serialize(at.replace("&amp;", "&").as_bytes()).collect())
        .collect();
    places.sort();
    places.dedup();
    pages.extend(places.into_iter().take(20).map(|at| format!("?at={at}")));
    for page in pages {
        let (status, answer) = send(server, "GET", &format!("/d/{id}{page}"), "", b"");
        assert_eq!(status, 200, "/d/{id}{page}");
        expect_none(&format!("/d/…{page} of {field}"), &answer);
    }
    for path in ["", "/trace?to=web:80"] {
        let (status, answer) = send(server, "GET", &format!("/api/v1/diagrams/{id}{path}"), "", b"");
        assert!(status == 200, "{}", String::from_utf8_lossy(&answer));
        expect_none(&format!("/api/v1/diagrams/…{path} of {field}"), &answer);
    }
}

/// What is refused is not quoted.
fn expect_no_error_quotes_one(server: &Server) {
    let hush = canary(910);
    let gzip = "Content-Type: application/gzip\r\n";
    let form = "Content-Type: multipart/form-data; boundary=edge\r\n";
    let host = "Accept: text/html\r\n";
    let broken_form = format!("--edg\r\n{hush}");
    let field =
        format!("--edge\r\nContent-Disposition: form-data; name=\"{hush}\"\r\n\r\n{hush}\r\n--edge--\r\n");
    let file = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{hush}.png\"\r\n\r\n{hush}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"web.yaml\"\r\n\r\n{POD}\r\n--edge--\r\n"
    );
    let cut = &archive()[..200];
    for (method, path, headers, body) in [
        ("POST", "/api/v1/analyze", gzip, hush.as_bytes()),
        ("POST", "/api/v1/diagrams", gzip, cut),
        ("POST", "/api/v1/diagrams", form, broken_form.as_bytes()),
        ("POST", "/api/v1/diagrams", form, field.as_bytes()),
        ("POST", "/share", form, field.as_bytes()),
        ("POST", "/api/v1/diagrams", "Content-Type: image/png\r\n", hush.as_bytes()),
        ("PUT", "/api/v1/diagrams", "", hush.as_bytes()),
        ("GET", &format!("/{hush}?at={hush}"), host, b""),
        ("GET", &format!("/d/{hush}?at={hush}"), "", b""),
        ("DELETE", &format!("/api/v1/diagrams/{hush}"), &format!("Authorization: Bearer {hush}\r\n"), b""),
        (
            "GET",
            "/readyz",
            &format!("Referer: http://{hush}.example/\r\nUser-Agent: {hush}\r\nCookie: a={hush}\r\n"),
            b"",
        ),
    ] {
        let (_, answer) = send(server, method, path, headers, body);
        expect_none(&format!("the answer to {method} {path}"), &answer);
    }
    // The name of a file that is not read is told to whoever sent it, and logged nowhere.
    send(server, "POST", "/api/v1/diagrams", form, file.as_bytes());
}

/// Shares all of it and looks at whatever answers; the log at its most talkative.
fn share_everything(store: &str, kept: impl FnOnce(&Server)) -> Vec<u8> {
    let mut talkative = command(store);
    talkative.args(["--log", "trace"]);
    let child = talkative.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("podwire runs");
    let mut server = Starting { child }.wait();
    let mut log = server.child.stderr.take().expect("its log");
    let log = std::thread::spawn(move || {
        let mut lines = Vec::new();
        log.read_to_end(&mut lines).map(|_| lines)
    });
    let mut all = String::new();
    for (number, (field, text)) in FIELDS.iter().enumerate() {
        let text = filled(number, text);
        let retry = format!("Idempotency-Key: {}\r\n", canary(number));
        expect_no_face_shows_one(&server, &share(&server, text.as_bytes(), &retry), field);
        for path in ["/api/v1/analyze", "/api/v1/trace?to=web:80"] {
            send(&server, "POST", path, "", text.as_bytes());
        }
        write!(all, "{text}\n---\n").expect("a String grows");
    }
    write!(all, "{POD}").expect("a String grows");
    for (what, body) in [("all at once", all.into_bytes()), ("an archive", archive())] {
        expect_no_face_shows_one(&server, &share(&server, &body, ""), what);
    }
    expect_no_error_quotes_one(&server);
    let Answer { status, body, .. } = server.get("/metrics");
    assert_eq!(status, 200);
    expect_none("/metrics", body.as_bytes());
    kept(&server);
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    log.join().expect("no panic").expect("its log")
}

fn expect_none_in_files(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files.map(|file| expect_none(&file.display().to_string(), &std::fs::read(&file).expect("a file"))).count()
}

fn expect_none_in_body(body: &[u8]) {
    let text = zstd::decode_all(body).expect("bodies are zstd");
    assert!(text.starts_with(b"{\"version\":"), "{}", String::from_utf8_lossy(&text));
    expect_none("an unpacked row", &text);
}

fn expect_none_in_log(log: &[u8]) {
    let text = String::from_utf8_lossy(log);
    assert!(text.contains("DEBUG") && text.contains("/api/v1/diagrams"), "the log says too little");
    expect_none("the log", log);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_stays_in_sqlite_or_shows_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("podwire.db");
    let log = share_everything(&format!("sqlite:{}", path.display()), |_| {
        assert!(expect_none_in_files(folder.path()) >= 2, "the write-ahead log is beside the file");
    });
    expect_none_in_files(folder.path());
    expect_none_in_log(&log);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    let rows = sqlx::query("SELECT body FROM diagrams").fetch_all(&mut connection).await.expect("rows");
    assert!(rows.len() > FIELDS.len(), "{} rows", rows.len());
    for row in &rows {
        expect_none_in_body(row.get(0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_stays_in_postgresql_or_shows_anywhere() {
    let Some(database) = postgres::Database::create().await else { return };
    let log = share_everything(&database.url(), |_| ());
    expect_none_in_log(&log);
    let mut connection = database.connect().await;
    // Every column of every table, as text: bytea is written in hex there, so it is read as itself as well.
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public'";
    let columns = sqlx::query(columns).fetch_all(&mut connection).await.expect("columns");
    let mut bodies = 0;
    for column in &columns {
        let [table, name, kind]: [String; 3] = [0, 1, 2].map(|index| column.get(index));
        let as_bytes = if kind == "bytea" {
            format!("\"{name}\"")
        } else {
            format!("convert_to(\"{name}\"::text, 'UTF8')")
        };
        let rows = format!("SELECT {as_bytes} FROM \"{table}\" WHERE \"{name}\" IS NOT NULL");
        let rows = sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(&mut connection).await.expect("rows");
        for row in &rows {
            let bytes: Vec<u8> = row.get(0);
            expect_none(&format!("{table}.{name}"), &bytes);
            if name == "body" {
                expect_none_in_body(&bytes);
                bodies += 1;
            }
        }
    }
    assert!(bodies > FIELDS.len(), "{bodies} bodies");
    connection.close().await.expect("the connection ends");
    database.remove().await;
}
