//! `serve`: the end, whatever hangs, and what is left behind.

use std::path::Path;

use graph_simulator::world::demo;
use graph_simulator::{FlushOrder, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::program::{Running, run, settings, start, url_in, without};
use crate::serve::serving;
use crate::subscriber::events_url;

async fn connect(url: &str) -> TcpStream {
    let address = url.strip_prefix("http://").unwrap();
    let address = address.split('/').next().unwrap();
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test]
async fn connections_that_hang_are_named_and_keep_nothing_from_being_done() {
    let (simulator, mut program, webhook) = serving(&[]).await;
    let local = events_url(&mut program).await;
    let mut half = connect(&webhook).await;
    let head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc";
    half.write_all(head).await.unwrap();
    let mut lazy = connect(&local).await;
    let head = b"GET /events?after=0 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    lazy.write_all(head).await.unwrap();
    // The stream has begun, and nobody reads on.
    lazy.read_exact(&mut [0; 15]).await.unwrap();
    let long = "a long story ".repeat(300);
    const BATCHES: usize = 30;
    for _ in 0..BATCHES {
        simulator.begin_batch();
        for _ in 0..100 {
            simulator.customer(demo::CUSTOMER).say(&long).unwrap();
        }
        simulator.flush_batch(FlushOrder::OnePost).await;
    }
    // As far as a pipe takes the rest, which is printed in the end.
    program.stdout_with("#2950 ").await;
    program.interrupt().await;
    let peers = [&half, &lazy].map(|stream| stream.local_addr().unwrap().to_string());
    let ended = program.end().await.expect(0);
    assert_eq!(ended.stdout.lines().count(), BATCHES * 100);
    ended.complains(&[
        "ended without waiting for",
        &format!("{}, whose request is not complete", peers[0]),
        &format!("{}, which does not read", peers[1]),
    ]);
}

/// What is in a folder for temporary files.
fn left(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// A program with a folder of its own for temporary files, where it has some.
async fn in_folder(simulator: &Simulator, folder: &Path) -> Running {
    let mut settings = settings(simulator);
    settings.push(("TMPDIR", folder.display().to_string()));
    let mut program = start(&["serve", "--listen", "127.0.0.1:0"], &settings);
    url_in(&program.stderr_with("Listening").await);
    program.stderr_with("Ctrl-C ends").await;
    assert_eq!(left(folder).len(), 1, "{:?}", left(folder));
    program
}

#[cfg(unix)]
#[tokio::test]
async fn temporary_folders_go_with_the_program_or_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::builder().start().await.unwrap();
    let program = in_folder(&simulator, folder.path()).await;
    program.interrupt().await;
    program.end().await.expect(0);
    assert_eq!(left(folder.path()), [""; 0]);

    let program = in_folder(&simulator, folder.path()).await;
    program.kill().await;
    let killed = left(folder.path());
    assert_eq!(killed.len(), 1);
    // It finds what the killed one left, and leaves alone what a living one has.
    let first = in_folder(&simulator, folder.path()).await;
    assert_ne!(left(folder.path()), killed);
    let mut settings = settings(&simulator);
    settings.push(("TMPDIR", folder.path().display().to_string()));
    let log = folder.path().join("log.jsonl");
    std::fs::write(&log, "").unwrap();
    let replay = ["replay", log.to_str().unwrap()];
    run(&replay, &settings).await.expect(0);
    std::fs::remove_file(&log).unwrap();
    assert_eq!(left(folder.path()).len(), 1);
    first.interrupt().await;
    first.end().await.expect(0);
    assert_eq!(left(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_command_leaves_no_files_and_says_so_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::builder().start().await.unwrap();
    // Somebody who takes the request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = without(settings(&simulator), "WHATSAPP_BASE_URL");
    let url = format!("http://{}", silent.local_addr().unwrap());
    settings.push(("WHATSAPP_BASE_URL", url));
    settings.push(("TMPDIR", folder.path().display().to_string()));
    let program = start(&["invoke", "list-phone-numbers"], &settings);
    let _connection = silent.accept().await.unwrap();
    program.interrupt().await;
    let ended = program.end().await.expect(130);
    ended.complains(&["Interrupted"]);
    assert_eq!(left(folder.path()), [""; 0]);
}
