"""What a task of Spark asks of it, for calling tasks' work one after the other without Spark."""

import siyu


class Task:
    """pyspark.TaskContext: which part this is."""

    part = 0

    @classmethod
    def get(cls):
        return cls

    @classmethod
    def partitionId(cls):
        return cls.part


class _Session:
    class sparkContext:
        addFile = staticmethod(lambda path: None)


def library():
    """The driver's library, as siyu.spark would send it."""
    return siyu.spark._Library(_Session, siyu.loadable_path() + ".so")
