//! Memory and descriptors of the programs over time.

use std::collections::BTreeMap;
use std::time::Duration;

use graph_simulator::Delivery;

use crate::Stage;
use crate::check::Counts;
use crate::sender::Sender;
use crate::serving::Serving;

/// From this length on, growth is judged by its slope, and every kind of trouble has to have come: a short run is a start.
pub const LONG: Duration = Duration::from_secs(10 * 60);
/// Of a program's time, the part in which it may still grow into its memory.
const WARM_UP: f64 = 0.33;
/// Kilobytes a minute that are taken for flat.
const FLAT_KB: f64 = 100.0;
/// Kilobytes that a program of this kind needs at most.
const MOST_KB: u64 = 400 * 1024;
/// Descriptors that may come and go.
const FEW: usize = 16;

#[derive(Clone, Copy, Debug)]
struct Sample {
    minutes: f64,
    kilobytes: u64,
    descriptors: usize,
}

/// One program that is looked at.
#[derive(Debug, Default)]
struct Chart {
    process: u32,
    samples: Vec<Sample>,
}

impl Chart {
    fn look(&mut self, process: u32, elapsed: Duration) {
        if self.process != process {
            *self = Self {
                process,
                samples: Vec::new(),
            };
        }
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let rss = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        self.samples.push(Sample {
            minutes: elapsed.as_secs_f64() / 60.0,
            kilobytes: rss.trim().trim_end_matches(" kB").parse().unwrap(),
            descriptors: std::fs::read_dir(format!("/proc/{process}/fd"))
                .unwrap()
                .count(),
        });
    }

    fn last(&self) -> Sample {
        *self.samples.last().unwrap()
    }

    /// Without the beginning.
    fn warm(&self) -> &[Sample] {
        let first = (self.samples.len() as f64 * WARM_UP) as usize;
        &self.samples[first..]
    }

    /// Kilobytes a minute, by least squares.
    fn slope(&self) -> f64 {
        let samples = self.warm();
        let count = samples.len() as f64;
        let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
        let (x, y) = (
            mean(&|sample| sample.minutes),
            mean(&|sample| sample.kilobytes as f64),
        );
        let both = mean(&|sample| (sample.minutes - x) * (sample.kilobytes as f64 - y));
        both / mean(&|sample| (sample.minutes - x).powi(2))
    }

    fn descriptors(&self) -> (usize, usize) {
        let counts = || self.warm().iter().map(|sample| sample.descriptors);
        (counts().min().unwrap(), counts().max().unwrap())
    }

    fn check(&self, what: &str, length: Duration) {
        let most = self
            .samples
            .iter()
            .map(|sample| sample.kilobytes)
            .max()
            .unwrap();
        assert!(most < MOST_KB, "{what} had {most} kB");
        let (least, most) = self.descriptors();
        assert!(
            most <= least + FEW,
            "{what} had {least} to {most} descriptors"
        );
        if length >= LONG {
            let slope = self.slope();
            assert!(slope < FLAT_KB, "{what} grows by {slope:.0} kB a minute");
        }
    }
}

#[derive(Debug, Default)]
pub struct Vitals {
    serve: Chart,
    sender: Chart,
    told: u64,
    sent: usize,
}

impl Vitals {
    pub fn look(&mut self, stage: &Stage, serving: &Serving, sender: &Sender) {
        self.serve.look(serving.id(), stage.elapsed());
        self.sender.look(sender.id(), stage.elapsed());
        self.sent = sender.count();
        let minutes = stage.elapsed().as_secs() / 60;
        if minutes > self.told {
            self.told = minutes;
            let (serve, send) = (self.serve.last(), self.sender.last());
            let (passed, troubles) = stage.road.counts();
            println!(
                "| {minutes} | {} | {passed} | {troubles} | {} | {} | {} | {} |",
                self.sent, serve.kilobytes, serve.descriptors, send.kilobytes, send.descriptors
            );
        } else if self.serve.samples.len() == 1 && minutes == 0 && self.sender.samples.len() == 1 {
            println!(
                "| minute | messages | deliveries | of them failed | serve kB | fds | sender kB | fds |"
            );
            println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
        }
    }

    pub fn tell(
        &self,
        counts: &Counts,
        posted: &[Delivery],
        kept: usize,
        kills: u32,
        cases: &BTreeMap<String, u64>,
    ) {
        let attempts: usize = posted.iter().map(|delivery| delivery.attempts.len()).sum();
        println!("{counts:?}; answers to the sender: {cases:?}");
        println!(
            "{kept} events kept once each, of {} deliveries in {attempts} posts; serve killed {kills} times",
            posted.len()
        );
        for (what, chart) in [("serve", &self.serve), ("sender", &self.sender)] {
            println!(
                "{what}: {} kB at the end, {:+.1} kB a minute over the last {:.1} minutes, descriptors {:?}",
                chart.last().kilobytes,
                chart.slope(),
                chart.last().minutes - chart.warm()[0].minutes,
                chart.descriptors()
            );
        }
    }

    pub fn check(&self, length: Duration) {
        self.serve.check("serve", length);
        self.sender.check("the sender", length);
    }
}
