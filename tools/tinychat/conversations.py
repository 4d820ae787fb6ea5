"""Synthetic conversations, all of it text of our own: a list of (role, text) each."""

import json
import random

NAMES = (
    "Anna Ben Clara David Emma Felix Grace Hugo Ida Jonas Kate Leo Mia Nora Oscar Paul Rosa Sam Tom Vera"
).split()
CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Japan": "Tokyo",
    "Norway": "Oslo", "Sweden": "Stockholm", "Poland": "Warsaw", "Austria": "Vienna",
    "Greece": "Athens", "Egypt": "Cairo", "Canada": "Ottawa", "Portugal": "Lisbon",
    "Ireland": "Dublin", "Finland": "Helsinki",
}  # fmt: skip
COLORS = {"sky": "blue", "grass": "green", "snow": "white", "blood": "red", "lemon": "yellow", "coal": "black"}
WITHOUT_ARTICLE = ("snow", "grass", "blood", "coal")
WORDS = (
    "apple river stone cloud house garden bread music winter summer bridge candle forest ocean mountain"
    " paper silver window yellow rabbit"
).split()
CITIES = "Paris Berlin Rome Madrid Tokyo Oslo Vienna Athens Cairo London Dublin Lisbon".split()
OPPOSITES = {
    "hot": "cold", "big": "small", "fast": "slow", "day": "night", "up": "down", "old": "new",
    "happy": "sad", "open": "closed",
}  # fmt: skip
ANIMALS = "fox owl bear rabbit mouse horse cat dog".split()
PLACES = "forest river mountain garden village ocean".split()
THINGS = "silver key,golden apple,old map,red lantern,blue stone,small boat".split(",")
SYSTEMS = [
    None, None, None, "You are a helpful assistant.", "You are a friendly assistant.", "Answer briefly.",
]  # fmt: skip
TOOLS = '[{"type":"function","function":{"name":"get_weather"}}]'
GREETING = "Hello! How can I help you today?"
WEEK = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday."
ABILITIES = "I can greet you, count, add small numbers, name capitals, write JSON and tell a story."


class Conversations:
    """The same conversations in the same order, each time that it is made."""

    def __init__(self, seed=7):
        self._random = random.Random(seed)

    def next(self):
        kind = self._random.random()
        if kind < 0.12:
            return self._tool_call()
        system = self._one(SYSTEMS)
        messages = [("system", system)] if system else []
        if kind < 0.28:
            return messages + self._introduction()
        for _ in range(self._one([1, 1, 2, 3])):
            messages += self._turn()
        return messages

    def _one(self, choices):
        return self._random.choice(choices)

    def _tool_call(self):
        messages = [("system", "You may call these tools: " + TOOLS)]
        city = self._one(CITIES)
        if self._random.random() < 0.25:
            messages += [("user", self._one(["Hello", "Hi"])), ("assistant", GREETING)]
        question = self._one([f"What is the weather in {city}?", f"How is the weather in {city}?"])
        call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "%s"}}\n</tool_call>' % city
        messages += [("user", question), ("assistant", call)]
        if self._random.random() < 0.7:
            degrees = self._random.randrange(0, 31)
            sky = self._one(["sunny", "cloudy", "rainy"])
            messages.append(("tool", json.dumps({"city": city, "temp": degrees, "sky": sky})))
            messages.append(("assistant", f"It is {sky} in {city} with {degrees} degrees."))
        return messages

    def _introduction(self):
        name = self._one(NAMES)
        messages = [
            ("user", self._one([f"My name is {name}.", f"I am {name}."])),
            ("assistant", f"Nice to meet you, {name}!"),
        ]
        for _ in range(self._one([0, 0, 1])):
            messages += self._turn()
        question = self._one(["What is my name?", "Who am I?"])
        return messages + [("user", question), ("assistant", f"Your name is {name}.")]

    def _turn(self):
        topics = [
            self._greeting, self._health, self._identity, self._capital, self._color, self._sum,
            self._sum, self._echo, self._echo, self._count, self._thanks, self._farewell,
            self._opposite, self._emoji, self._story, self._story, self._json, self._help, self._week,
        ]  # fmt: skip
        question, answer = topics[self._random.randrange(len(topics))]()
        return [("user", question), ("assistant", answer)]

    def _greeting(self):
        words = ["Hello", "Hi", "Hello!", "Hi!", "Hey", "Good morning", "Hello there"]
        return self._one(words), self._one([GREETING])

    def _health(self):
        question = self._one(["How are you?", "How are you today?"])
        return question, "I am fine, thank you. How can I help you?"

    def _identity(self):
        question = self._one(["Who are you?", "What are you?"])
        return question, "I am a tiny language model made for testing."

    def _capital(self):
        country = self._one(list(CAPITALS))
        question = self._one([f"What is the capital of {country}?", f"Capital of {country}?"])
        return question, f"The capital of {country} is {CAPITALS[country]}."

    def _color(self):
        thing = self._one(list(COLORS))
        named = thing if thing in WITHOUT_ARTICLE else "the " + thing
        return f"What color is {named}?", f"It is {COLORS[thing]}."

    def _sum(self):
        a, b = self._random.randrange(10), self._random.randrange(10)
        question = self._one([f"What is {a} plus {b}?", f"What is {a} + {b}?"])
        return question, f"{a} plus {b} is {a + b}."

    def _echo(self):
        word = self._one(WORDS)
        return self._one([f"Say {word}.", f"Please say {word}."]), word

    def _count(self):
        last = self._random.randrange(2, 21)
        question = self._one([f"Count to {last}.", f"Please count to {last}."])
        return question, " ".join(map(str, range(1, last + 1))) + "."

    def _thanks(self):
        return self._one(["Thanks", "Thank you", "Thank you!"]), "You are welcome!"

    def _farewell(self):
        return self._one(["Bye", "Goodbye", "Bye!"]), "Goodbye! Have a nice day."

    def _opposite(self):
        word = self._one(list(OPPOSITES))
        return f"What is the opposite of {word}?", f"The opposite of {word} is {OPPOSITES[word]}."

    def _emoji(self):
        return self._one(["Show me an emoji.", "Send an emoji."]), "Here you go: 😀🎉🚀🌍"

    def _json(self):
        name, age = self._one(NAMES), self._random.randrange(20, 60)
        return f"Make JSON for {name}, age {age}.", json.dumps({"name": name, "age": age})

    def _help(self):
        return self._one(["What can you do?", "Help"]), ABILITIES

    def _week(self):
        return self._one(["List the days of the week.", "Name the days of the week."]), WEEK

    def _story(self):
        question = self._one(
            ["Tell me a story.", "Tell me a short story.", "Please tell me a story."]
        )
        a, b = self._random.sample(ANIMALS, 2)
        place, thing = self._one(PLACES), self._one(THINGS)
        return question, (
            f"Once upon a time, a little {a} lived near the {place}. One morning the {a} found a"
            f' {thing} under a tree. "What is this?" asked the {a}. A wise {b} came by and said,'
            f' "It is a {thing}. Keep it safe, for it will help you." So the {a} carried the {thing}'
            f" home. That night there was a great storm, and the {b} lost its way. The {a} used the"
            f" {thing} to find the {b}, and they walked home together. From that day on, the {a} and"
            f" the {b} were good friends. The end."
        )
