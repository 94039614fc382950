//! `host-test serve`, which is killed and started again.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use graph_simulator::world::demo;
use tokio::process::Child;

use crate::Stage;
use crate::program::{VERIFY_TOKEN, command, settings, url_in};

/// Of the whole time, the part in which it is killed; the rest is for looking at one that runs on.
const KILLING: f64 = 0.4;

pub struct Serving {
    child: Child,
    log: PathBuf,
    kills: u32,
    next_kill: Instant,
    pause: Duration,
}

/// How it went.
pub struct Ended {
    pub kills: u32,
}

impl Serving {
    pub async fn start(stage: &Stage, folder: &Path) -> Self {
        // Five times in a short run, not more often than a minute in a long one.
        let pause = stage
            .length
            .mul_f64(KILLING / 5.0)
            .min(Duration::from_secs(60));
        let log = folder.join("serve.log");
        Self {
            child: spawn(stage, &log).await,
            log,
            kills: 0,
            next_kill: Instant::now() + pause,
            pause,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Kills it as a power cut would, and starts it again with the same store.
    pub async fn kill_now_and_then(&mut self, stage: &Stage) {
        assert!(
            self.child.try_wait().unwrap().is_none(),
            "serve ended by itself: {}",
            self.said()
        );
        if stage.part() > KILLING || Instant::now() < self.next_kill {
            return;
        }
        self.child.kill().await.unwrap();
        self.says_no_secret();
        stage.road.leads_to(None);
        self.child = spawn(stage, &self.log).await;
        self.kills += 1;
        self.next_kill = Instant::now() + self.pause;
    }

    /// Ends it as an operator would.
    pub async fn end(mut self) -> Ended {
        let id = self.id().to_string();
        let sent = tokio::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await;
        assert!(sent.unwrap().success());
        let status = self.child.wait().await.unwrap();
        assert!(status.success(), "{status}: {}", self.said());
        self.says_no_secret();
        Ended { kills: self.kills }
    }

    fn says_no_secret(&self) {
        let said = self.said();
        for secret in [demo::ACCESS_TOKEN, demo::APP_SECRET, VERIFY_TOKEN] {
            assert!(!said.contains(secret), "{secret} is in the log");
        }
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

async fn spawn(stage: &Stage, log: &Path) -> Child {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", &stage.store];
    let file = std::fs::File::create(log).unwrap();
    let child = command(&arguments, &settings(&stage.simulator))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .unwrap();
    loop {
        let said = std::fs::read_to_string(log).unwrap();
        let line = said
            .lines()
            .find(|line| line.contains("Listening") && line.contains("http://"));
        if let Some(line) = line {
            let url = url_in(line);
            let address = url.strip_prefix("http://").unwrap();
            let (address, _) = address.split_once('/').unwrap();
            stage.road.leads_to(Some(address.to_owned()));
            return child;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
