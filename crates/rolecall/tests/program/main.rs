//! The program as a person meets it: commands, output, exit codes, and the truth about logs.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod comparing;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod document;
#[cfg(test)]
mod evaluating;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod knowledge;
#[cfg(test)]
mod log_files;
#[cfg(test)]
mod log_files_hostile;
#[cfg(test)]
mod log_files_watched;
#[cfg(test)]
mod other_commands;
#[cfg(test)]
mod real_logs;
#[cfg(test)]
mod responding;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod running;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod store_people;
#[cfg(test)]
mod store_sources;
#[cfg(test)]
mod store_transcripts;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod thefts;
#[cfg(test)]
mod tracing;
#[cfg(test)]
#[path = "../../../integrity/tests/chain/trail.rs"]
mod trail;
#[cfg(test)]
mod transcripts;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod tuning;
#[cfg(test)]
mod updating;
#[cfg(test)]
mod verifying;
#[cfg(test)]
mod verifying_stores;
