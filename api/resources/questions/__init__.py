"""The five questions: figures of the endpoints in, sentences out. Pure; `routes/questions.py` fetches the figures."""
