"""The S3 server of the tests: OpenStack Swift in one process, its data on disk, to be killed with -9."""
