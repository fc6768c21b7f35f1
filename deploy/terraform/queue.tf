# Notifications about new log files of a CloudTrail bucket.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

resource "aws_sqs_queue" "dead_letters" {
  name_prefix               = "rolecall-dead-letters-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "notifications" {
  name_prefix                = "rolecall-notifications-"
  message_retention_seconds  = 1209600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 300

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_cloudwatch_event_rule" "new_objects" {
  name_prefix = "rolecall-new-objects-"
  description = "New objects of the CloudTrail bucket, for Rolecall."

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket_name] }
      object = { key = [{ prefix = var.key_prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "notifications" {
  rule = aws_cloudwatch_event_rule.new_objects.name
  arn  = aws_sqs_queue.notifications.arn
}

resource "aws_sqs_queue_policy" "notifications" {
  queue_url = aws_sqs_queue.notifications.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EventsOfTheRule"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.notifications.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.new_objects.arn } }
      },
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.notifications.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

output "queue_url" {
  description = "The queue_url of a source of kind sqs."
  value       = aws_sqs_queue.notifications.url
}

output "dead_letter_queue_url" {
  description = "Messages that could not be dealt with."
  value       = aws_sqs_queue.dead_letters.url
}
