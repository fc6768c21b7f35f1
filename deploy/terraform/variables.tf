variable "bucket_name" {
  type        = string
  description = "The bucket that the trail delivers to. EventBridge notifications have to be on."
}

variable "key_prefix" {
  type        = string
  default     = "AWSLogs/"
  description = "What the keys of log files begin with, with the prefix of the trail if it has one."

  validation {
    condition     = can(regex("^([^*?$]*/)?$", var.key_prefix))
    error_message = "The prefix ends in a slash and has no wildcards."
  }
}

variable "key_arn" {
  type        = string
  default     = null
  description = "The KMS key that the trail encrypts with; none where it uses S3's own."
}

variable "max_receive_count" {
  type        = number
  default     = 5
  description = "How often a message is delivered before it goes to the dead-letter queue."
}

variable "enrich" {
  type        = bool
  default     = false
  description = "Whether there is a policy for listing instances, networks, roles and accounts."
}

variable "event_bus_arn" {
  type        = string
  default     = null
  description = "The event bus that alerts are put on, if any."
}

variable "security_hub" {
  type        = bool
  default     = false
  description = "Whether alerts go to Security Hub."
}
