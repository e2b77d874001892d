"""The four jobs. Each is one file: arguments → read → named steps → write."""
