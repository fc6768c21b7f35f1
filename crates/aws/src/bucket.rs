//! A bucket: listing keys and reading objects.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::primitives::DateTime;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cloudtrail::Timestamp;

use crate::address::{is_region, s3_url};
use crate::connection::Connection;
use crate::error::{Error, Kind, Needs, Refusal};

/// Most entries of one level of folders that are taken.
pub const LEVEL_ENTRIES_MAX: usize = 200_000;
/// How often an object is read from its begin when the stream breaks off; the SDK tries again
/// only what fails before the stream begins.
const STREAMS_MAX: u32 = 3;
/// The header in which S3 tells where a bucket is, even to those who may not read it.
const REGION_HEADER: &str = "x-amz-bucket-region";
/// Where a bucket is looked for when no Region is set; any will do.
const REGION_OF_LAST_RESORT: &str = "us-east-1";

/// A bucket, with a client for the Region that it is in.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    name: String,
    /// The bucket as an ARN, for messages.
    arn: String,
}

/// An object as a listing shows it.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Listed {
    /// The whole key.
    pub key: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Changes whenever the content does.
    pub etag: String,
    /// When the object was written.
    pub last_modified: Option<Timestamp>,
}

/// Part of a listing, in the order of keys as bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Page {
    /// At most 1,000 objects.
    pub objects: Vec<Listed>,
    /// Whether more keys follow; the next page begins after the last key of this one.
    pub has_more: bool,
}

/// What lies directly below a prefix.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Level {
    /// Prefixes of keys up to the next `/`, with it, sorted.
    pub folders: Vec<String>,
    /// Objects whose keys have no further `/`, sorted by key.
    pub objects: Vec<Listed>,
}

/// An object that was read whole.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fetched {
    /// The content as it is stored.
    pub bytes: Vec<u8>,
    /// Changes whenever the content does.
    pub etag: String,
    /// When the object was written.
    pub last_modified: Option<Timestamp>,
    /// Metadata under `x-amz-meta-`, without that prefix and in lower case: a digest file has
    /// its `signature` there.
    pub metadata: BTreeMap<String, String>,
}

impl Bucket {
    /// Prepares calls to the bucket, in the Region that S3 says it is in.
    ///
    /// # Errors
    ///
    /// Where the bucket does not exist, there are no credentials, or S3 cannot be reached. A
    /// denial is left to the call that needs the permission.
    pub async fn open(connection: &Connection, name: &str) -> Result<Self, Error> {
        let region = connection.region().unwrap_or(REGION_OF_LAST_RESORT).to_owned();
        let bucket = Self::in_region(&connection.in_region(&region), name);
        let answer = bucket.client.head_bucket().bucket(name).send().await;
        let told = match answer {
            Ok(answer) => answer.bucket_region,
            Err(error) => {
                let header = |name| error.raw_response()?.headers().get(name);
                let told = header(REGION_HEADER).map(str::to_owned);
                let source =
                    Refusal::of(&error, Needs { action: "s3:ListBucket", resource: &bucket.arn });
                let is_hopeless =
                    matches!(source.kind, Kind::Credentials | Kind::NotFound | Kind::Unreachable);
                if told.is_none() && is_hopeless {
                    return Err(bucket.failed("find", "", source));
                }
                told
            }
        };
        Ok(match told {
            Some(told) if told != region && is_region(&told) => {
                Self::in_region(&connection.in_region(&told), name)
            }
            Some(_) | None => bucket,
        })
    }

    fn in_region(connection: &Connection, name: &str) -> Self {
        let mut builder = Builder::from(connection.config());
        // Whatever stands in for S3 rarely has a host for each bucket.
        if connection.endpoint_url("S3").is_some() {
            builder = builder.force_path_style(true);
        }
        let arn = if name.starts_with("arn:") {
            name.to_owned()
        } else {
            format!("arn:{}:s3:::{name}", connection.partition())
        };
        Self { client: Client::from_conf(builder.build()), name: name.to_owned(), arn }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Region that the bucket is in, as far as S3 tells.
    pub fn region(&self) -> &str {
        self.client.config().region().map(Region::as_ref).unwrap_or_default()
    }

    /// How the object `key` is named in messages and in the coverage.
    pub fn url(&self, key: &str) -> String {
        s3_url(&self.name, key)
    }

    /// The first objects below `prefix` whose keys come after `after`.
    ///
    /// Listing goes on after the last key of a page, whenever that is, so that a key is all that
    /// needs to be remembered.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `s3:ListBucket` on the bucket.
    pub async fn page(&self, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        let request = self.client.list_objects_v2().bucket(&self.name).prefix(prefix);
        let answer = request.set_start_after(after.map(str::to_owned)).send().await;
        let answer = answer.map_err(|error| self.unlisted(prefix, &error))?;
        Ok(Page { has_more: answer.is_truncated == Some(true), objects: objects(answer) })
    }

    /// Everything directly below `prefix`, which is empty or ends in `/`.
    ///
    /// # Errors
    ///
    /// As [`page`](Self::page), and where there are more than [`LEVEL_ENTRIES_MAX`] entries.
    pub async fn level(&self, prefix: &str) -> Result<Level, Error> {
        let mut level = Level::default();
        let request = self.client.list_objects_v2().bucket(&self.name).prefix(prefix);
        let mut pages = request.delimiter("/").into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.unlisted(prefix, &error))?;
            let folders = page.common_prefixes().iter().filter_map(|folder| folder.prefix());
            level.folders.extend(folders.map(str::to_owned));
            level.objects.extend(objects(page));
            if level.folders.len() + level.objects.len() > LEVEL_ENTRIES_MAX {
                return Err(Error::Answer {
                    doing: format!("list `{}`", self.url(prefix)),
                    what: format!("more than {LEVEL_ENTRIES_MAX} entries on one level"),
                });
            }
        }
        Ok(level)
    }

    /// The object `key`, whole, of at most `bytes_max` bytes.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`], or [`Error::Call`]; needs `s3:GetObject`, and `kms:Decrypt` where the
    /// trail encrypts with a key of its own.
    pub async fn get(&self, key: &str, bytes_max: usize) -> Result<Fetched, Error> {
        let mut n_streams = 0;
        loop {
            n_streams += 1;
            match self.get_once(key, bytes_max).await {
                Err(Broken::Stream(_)) if n_streams < STREAMS_MAX => {}
                Err(Broken::Stream(error) | Broken::Final(error)) => return Err(error),
                Ok(fetched) => return Ok(fetched),
            }
        }
    }

    async fn get_once(&self, key: &str, bytes_max: usize) -> Result<Fetched, Broken> {
        let too_large = || Broken::Final(Error::TooLarge { object: self.url(key), bytes_max });
        let answer = self.client.get_object().bucket(&self.name).key(key).send().await;
        let answer = answer.map_err(|error| {
            let resource = format!("{}/*", self.arn);
            let source = Refusal::of(&error, Needs { action: "s3:GetObject", resource: &resource });
            Broken::Final(self.failed("read", key, source))
        })?;
        let length = answer.content_length.and_then(|length| usize::try_from(length).ok());
        if length.is_some_and(|length| length > bytes_max) {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(length.unwrap_or_default());
        let GetObjectOutput { mut body, e_tag, last_modified, metadata, .. } = answer;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| {
                Broken::Stream(self.failed("read", key, Refusal::broken_off(&error)))
            })?;
            if bytes.len() + chunk.len() > bytes_max {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched {
            bytes,
            etag: e_tag.unwrap_or_default(),
            last_modified: last_modified.as_ref().map(time),
            metadata: metadata.unwrap_or_default().into_iter().collect(),
        })
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Why a question about the bucket itself was not answered.
    pub(crate) fn unasked<E>(&self, error: &SdkError<E, HttpResponse>, action: &str) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let source = Refusal::of(error, Needs { action, resource: &self.arn });
        self.failed("look at the settings of", "", source)
    }

    fn unlisted<E>(&self, prefix: &str, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let source = Refusal::of(error, Needs { action: "s3:ListBucket", resource: &self.arn });
        self.failed("list", prefix, source)
    }

    fn failed(&self, verb: &str, key: &str, source: Refusal) -> Error {
        Error::Call { doing: format!("{verb} `{}`", self.url(key)), source }
    }
}

/// Why reading an object came to nothing.
enum Broken {
    /// Trying again would give the same.
    Final(Error),
    /// The stream broke off.
    Stream(Error),
}

fn objects(answer: ListObjectsV2Output) -> Vec<Listed> {
    let objects = answer.contents.unwrap_or_default().into_iter();
    let listed = objects.filter_map(|object| {
        Some(Listed {
            key: object.key?,
            bytes: object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            etag: object.e_tag.unwrap_or_default(),
            last_modified: object.last_modified.as_ref().map(time),
        })
    });
    listed.collect()
}

fn time(time: &DateTime) -> Timestamp {
    Timestamp(time.secs())
}
